"""From html to the words of the archive: ``read_page`` and the rooms behind it.

Pure: no Scrapy, no SQLite, no clock, no network.
"""

from crawler.parsers.page import Explained, explain_page, read_page
from crawler.parsers.parts import joined, with_part

__all__ = ["Explained", "explain_page", "joined", "read_page", "with_part"]
