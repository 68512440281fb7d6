"""From html to the words of the archive: ``read_page`` and the rooms behind it.

Pure: no Scrapy, no SQLite, no clock, no network.
"""

from crawler.parsers.page import read_page

__all__ = ["read_page"]
