"""From a response to the words of the archive, and Scrapy's wiring."""

__version__ = "0.1.0"
