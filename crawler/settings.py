"""Scrapy's settings, each with its reason: polite and safe unless asked otherwise."""

import os

from crawler import __version__
from crawler.plan import SitePlan

BOT_NAME = "yaowen"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# Where everything goes. `yaowen --archive` and the environment agree with plain `scrapy crawl`.
ARCHIVE = os.environ.get("YAOWEN_ARCHIVE", "archive.db")
ARCHIVE_BATCH = 8  # writes per transaction: with 6 requests in flight a kill costs at most 16 pages


# Who asks: a site's operator must be able to tell.
def user_agent(contact: str | None = None) -> str:
    """How the crawl names itself; a contact is how a site's operator reaches whoever runs it."""
    return f"Yaowen/{__version__} (news archive; respects robots.txt{f'; +{contact}' if contact else ''})"


USER_AGENT = user_agent(os.environ.get("YAOWEN_CONTACT"))

# One request at a time per site, with a delay that varies by half: a site must not notice us.
CONCURRENT_REQUESTS = 100  # that is sites: each waits its own delay
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_TIMEOUT = 30  # the default of three minutes lets a silent server hold a slot for three minutes
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the capture tells it, and the summary
REDIRECT_MAX_TIMES = 8
METAREFRESH_ENABLED = False  # a front page that reloads itself every minute is a page, not a redirect
COOKIES_ENABLED = False  # an archive reads what everybody may read

# How the plan wants single sites to be visited: host -> crawler.plan.SitePlan.
SITES: dict[str, SitePlan] = {}

# What a page may cost. A 256 MB gzip bomb took 10.4 GB without a limit.
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0

# Pages are read in processes of their own, which a page that takes too long or too much ends.
# Reading one takes some 15 ms, so that a single process keeps up with any polite crawl.
READING_PROCESSES = min(os.cpu_count() or 1, 4)

# Only the web, only over checked connections, only to public addresses unless one is allowed by HOST:PORT.
DOWNLOAD_HANDLERS = {
    "http": "crawler.handlers.GuardedDownloadHandler",
    "https": "crawler.handlers.GuardedDownloadHandler",
    "file": None,
    "ftp": None,
    "data": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
ALLOWED_ADDRESSES: list[str] = []
HTTPPROXY_ENABLED = False  # behind a proxy the address guard would see only the proxy
REMOTE_CONTROL_ENABLED = False  # it serves a port that runs Python
TELNETCONSOLE_ENABLED = False

# The frontier is a table of the archive, so a killed crawl goes on where it was.
SCHEDULER = "crawler.scheduler.FrontierScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the frontier's unique URLs do this

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.address_guard.AddressGuardMiddleware": 90,
    "crawler.middlewares.tombstones.TombstonesMiddleware": 91,
    "crawler.middlewares.conditional.ConditionalMiddleware": 92,
    "crawler.middlewares.credentials.CredentialsMiddleware": 93,
    "crawler.middlewares.charging.ChargingMiddleware": 94,  # before robots.txt is asked for the sake of what it refuses
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.backoff.BackoffMiddleware": 555,  # behind the one that asks again: it decides when
    "crawler.middlewares.decoding.DecodingMiddleware": 590,
    # Theirs let everything through where robots.txt cannot be had, and take what breaks off for whole.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
}
# Added by `yaowen crawl --javascript`: a browser costs some hundred times the work, and all the scripts of a page.
# Nearest to the spider, since pages must come to it unpacked, redirected and retried.
JAVASCRIPT_MIDDLEWARES = {"crawler.middlewares.javascript.JavascriptMiddleware": 80}
JAVASCRIPT_BROWSER = os.environ.get("YAOWEN_BROWSER")  # the program; Chromium from the PATH unless given
SPIDER_MIDDLEWARES = {
    # Every answer is an observation, 404 as well: the spider sees them all.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    # Depth is ours: further pages of one list are no step deeper.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
EXTENSIONS = {
    "crawler.extensions.ledger.Ledger": 0,
    "crawler.extensions.pace.Pace": 0,
    "crawler.extensions.budgets.Budgets": 0,
    "crawler.reading.Reading": 0,
}
ITEM_PIPELINES = {"crawler.pipelines.ArchivePipeline": 800}

# Scrapy starts so many tasks for each page, whose one observation needs one: 100 of them took a third of the time.
CONCURRENT_ITEMS = 1

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ASYNCIO_EVENT_LOOP = "uvloop.Loop"
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "INFO"
