"""What all spiders share: their arguments, the scope, and one observation for every answer."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from math import inf
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from archive.frontier import Kind, Target
from archive.models import NOT_MODIFIED, Absence, Article, Link, Listing, Observation, Page
from archive.urls import clean, is_web, site_of, why_not_web
from crawler.capturing import ASKED, capture_of, capture_of_error, tries, updated
from crawler.errors import PageGone, ParseError
from crawler.extensions.ledger import PUT_OFF, Ledger
from crawler.parsers import joined, with_part
from crawler.reading import Reading
from crawler.scheduler import SLOT, TARGET

PARTIAL = 206
SCOPED = "links"
"""Key of the stats that counts the links of the crawl's sites, where only some are to be followed."""
INCLUDED = "links/"
"""Before a pattern, the key that counts those that are like it."""
MOST_PARTS = 20
"""Pages of one article that are joined."""
DEEPEST_INDEX = 3
"""Indexes of sitemaps within one another that are gone through; the protocol knows of one."""
FIRST_LISTS = 200
"""Further lists of a site that a crawl visits before the articles; those of an endless list would keep it from them."""


class NewsSpider(Spider):
    """Reads what it fetches and goes where its kind goes.

    Arguments, as text since ``scrapy crawl -a`` gives text: ``url`` (several divided by blanks), ``depth`` (steps from
    a start address, 1 unless given), ``max_pages``, ``known`` (also every page of the site that the archive knows),
    ``any_site`` (do not stay on the start addresses' sites), ``due`` (start addresses that were never visited, and of
    their sites, or of all, what is to be visited now; from there only to what was never visited), ``retry_failed``
    (the same for what failed), ``include`` and ``exclude`` (patterns of addresses to follow, divided by blanks),
    ``crawl`` (its name in the plan).
    """

    kind: Kind = "auto"

    def __init__(
        self,
        url: str = "",
        depth: str | int = 1,
        max_pages: str | int | None = None,
        known: str | bool = False,
        any_site: str | bool = False,
        due: str | bool = False,
        retry_failed: str | bool = False,
        include: str = "",
        exclude: str = "",
        crawl: str = "",
        **kwargs: Any,  # Any: as scrapy.Spider has it
    ) -> None:
        super().__init__(**kwargs)
        self.urls = tuple(dict.fromkeys(_address(part) for part in url.split()))
        self.due = _flag("due", due)
        self.retry_failed = _flag("retry_failed", retry_failed)
        self.include, self.exclude = tuple(include.split()), tuple(exclude.split())
        if not self.urls and not self.due and not self.retry_failed:
            raise ValueError("no address to start from: give -a url=https://…")
        self.depth = _number("depth", depth, least=0)
        self.max_pages = None if max_pages is None else _number("max_pages", max_pages, least=1)
        self.known = _flag("known", known)
        self.any_site = _flag("any_site", any_site)
        self.planned_as = crawl
        self._lists = Counter[str]()
        self.sites = frozenset(site_of(address) for address in self.urls)

    @property
    def arguments(self) -> dict[str, object]:
        """What makes a crawl the same crawl, so that an unfinished one is gone on with."""
        return {
            "urls": list(self.urls),
            "depth": self.depth,
            "max_pages": self.max_pages,
            "known": self.known,
            "any_site": self.any_site,
            "due": self.due,
            "retry_failed": self.retry_failed,
            "include": list(self.include),
            "exclude": list(self.exclude),
            **({"crawl": self.planned_as} if self.planned_as else {}),
        }

    @property
    def only_known(self) -> bool:
        """Whether the crawl begins with what the archive says is to be visited."""
        return self.due or self.retry_failed

    async def start(self) -> AsyncIterator[Request]:
        """The start addresses, then those that the archive knows if asked for."""
        ledger = Ledger.of(self.crawler)
        waiting = ledger.due(self.sites, self.max_pages) if self.due else []
        waiting += ledger.failed(self.sites) if self.retry_failed else []
        # Of an article among them nothing is followed: what else is due is asked for anyway.
        again = [replace(target, depth=self.depth if target.kind == "feature" else 0) for target in waiting]
        self.sites |= {site_of(target.url) for target in again}
        # Where due is asked for, a start address is one of those that are visited for the first time, or when due.
        starts = (
            [] if self.retry_failed else [Target(url=url, kind=self.kind, revisit=not self.due) for url in self.urls]
        )
        # At full depth: they are observed again, and nothing is followed from them.
        known = ledger.known(self.sites) if self.known else []
        later = [replace(target, depth=self.depth, priority=PUT_OFF) for target in known]
        for target in (*starts, *again, *later):
            if is_web(target.url):  # other programs write rows too: "http://[x" would stop Scrapy
                yield _request(target)

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Request | Observation]:
        """Follow what the page shows, then hand in the observation: links first, so that both are stored or none."""
        observation = await self._observe(response)
        if isinstance(observation.page, Article | Listing):
            for target in self.follow(observation.page, response.meta[TARGET]):
                yield _request(target)
        yield observation

    def follow(self, page: Page, found_on: Target) -> Iterator[Target]:
        """Where a page leads; each kind of spider has its own way."""
        raise NotImplementedError

    def articles(self, links: tuple[Link, ...], found_on: Target, kind: Kind) -> Iterator[Target]:
        """The links' addresses, one step further, as far as depth and scope allow."""
        if found_on.depth < min(self.depth, self._deepest(found_on.url)):
            for link in links:
                if self.in_scope(link.url):
                    yield Target(url=link.url, kind=kind, depth=found_on.depth + 1, revisit=not self.only_known)

    def next_page(self, listing: Listing, found_on: Target) -> Iterator[Target]:
        """The list's next page: no step further, and before the articles, so that the whole list is of one moment."""
        if listing.next and self.in_scope(listing.next):
            yield self._further(listing.next, found_on, 1)

    def further_lists(self, listing: Listing, found_on: Target) -> Iterator[Target]:
        """The lists that a list consists of, such as the sitemaps of an index: no step further, like its next page."""
        level = max(found_on.priority, 0) + 1
        for url in listing.lists:
            if level <= DEEPEST_INDEX and self.in_scope(url):
                yield self._further(url, found_on, level)

    def _further(self, url: str, found_on: Target, priority: int) -> Target:
        """A part of a list, before the articles unless its site has had many: some never end."""
        self._lists[site_of(url)] += 1
        turn = priority if self._lists[site_of(url)] <= FIRST_LISTS else 0
        again = not self.only_known
        return Target(url=url, kind=found_on.kind, depth=found_on.depth, priority=turn, revisit=again)

    def in_scope(self, url: str) -> bool:
        """Whether the address is of a start address's site or a subdomain of one, and like those that are wanted."""
        site = site_of(url)
        own_site = self.any_site or any(site == own or site.endswith(f".{own}") for own in self.sites)
        return own_site and is_web(url) and self._is_included(url) and not any(_like(url, self.exclude))

    def _is_included(self, url: str) -> bool:
        """Whether the address is like one of the patterns; counted, so that one that nothing is like can be told."""
        stats, like = self.crawler.stats, _like(url, self.include)
        if stats and self.include:
            stats.inc_value(SCOPED)
            for pattern, is_like in zip(self.include, like, strict=True):
                stats.inc_value(f"{INCLUDED}{pattern}", int(is_like))
        return any(like) or not self.include

    def _deepest(self, url: str) -> float:
        """The depth to which the plan lets a site be followed."""
        plan = self.crawler.settings["SITES"].get(site_of(url))
        return inf if plan is None or plan.max_depth is None else plan.max_depth

    async def _observe(self, response: Response) -> Observation:
        observed = await self._read(response)
        if isinstance(observed.page, Article) and observed.page.next:
            return await self._whole(observed.page, observed)
        return observed

    async def _read(self, response: Response) -> Observation:
        count, capture = tries(response.request), capture_of(response)
        kept = Ledger.of(self.crawler).kept(capture.url) if capture.status == NOT_MODIFIED else None
        # 206 without a question for a part is a part all the same.
        if kept is None and (not 200 <= response.status < 300 or response.status == PARTIAL):
            failed = replace(capture, outcome="failed", reason=f"the server answered {response.status}")
            return Observation(capture=failed, tries=count)
        # The bytes are older than this answer, and "3 hours ago" counts from when they came.
        shown = replace(capture, body=kept.body, fetched_at=kept.fetched_at, headers=kept.headers) if kept else capture
        capture = replace(capture, headers=updated(kept.headers, capture.headers), body=None) if kept else capture
        try:
            read = await Reading.of(self.crawler).read(shown)
        except ParseError as error:
            page = Absence(url=error.url, reason=error.reason) if isinstance(error, PageGone) else None
            return Observation(capture=replace(capture, outcome="unread", reason=error.reason), page=page, tries=count)
        return Observation(capture=capture, page=read.page, tries=count, prepared=read.prepared)

    async def _whole(self, first: Article, observed: Observation) -> Observation:
        """The observation with the article's further pages, asked for at once, so that all are of one moment."""
        pages, parts = [first], list[Observation]()
        while (url := pages[-1].next) and len(pages) < MOST_PARTS and self.in_scope(url):
            part = await self._fetch(url)
            parts.append(replace(part, page=None))
            if not isinstance(part.page, Article | Listing):
                break  # the text says where it would go on
            pages = with_part(pages, part.page)
        return replace(observed, page=joined(pages), parts=tuple(parts))

    async def _fetch(self, url: str) -> Observation:
        """A further page of an article: no row of the frontier, but robots.txt, guard and pace hold for it too."""
        if self.crawler.engine is None:
            raise RuntimeError("a spider without an engine fetches nothing")
        request = Request(url, meta={ASKED: url, SLOT: site_of(url)})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            return Observation(capture=capture_of_error(request, error), tries=tries(request))
        return await self._read(response)


def _like(url: str, patterns: Iterable[str]) -> list[bool]:
    """Of each pattern, whether the whole address is like it."""
    return [fnmatchcase(url, pattern) for pattern in patterns]


def _request(target: Target) -> Request:
    return Request(target.url, priority=target.priority, meta={TARGET: target})


def _address(text: str) -> str:
    url = clean(text)
    if not is_web(url):
        raise ValueError(f"{text!r} is no web address: {why_not_web(text)}")
    return url


def _number(name: str, value: str | int, *, least: int) -> int:
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if number < least:
        raise ValueError(f"{name} must be a whole number from {least} on, not {value!r}")
    return number


def _flag(name: str, value: str | bool) -> bool:
    flags = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    try:
        return flags[str(value).lower()]
    except KeyError:
        raise ValueError(f"{name} must be yes or no, not {value!r}") from None
