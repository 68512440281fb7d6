"""Where a site lists its articles: which addresses to look at, and what to propose of them.

Pure, as the parsers are.
"""

from crawler.discovery.finds import Find, in_order, judge, proposed
from crawler.discovery.leads import guesses, named_sitemaps, read_leads, telling_list

__all__ = ["Find", "guesses", "in_order", "judge", "named_sitemaps", "proposed", "read_leads", "telling_list"]
