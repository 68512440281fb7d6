"""A small Chinese news site written for this project, which the demo and the tests crawl on loopback.

It stands in three states, so that one can see what an archive sees: counters that rise, recommendations that move,
articles that come, change, change back and go. ``SampleSite`` is the site as a pure function; ``server`` puts it
on a port.
"""

from crawler.sample_site.model import Response, SampleArticle, SampleSection
from crawler.sample_site.site import SampleSite

__all__ = ["Response", "SampleArticle", "SampleSection", "SampleSite"]
