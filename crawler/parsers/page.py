"""One page, read: the order in which the rooms of this package do their work."""

from dataclasses import dataclass, replace
from datetime import datetime

from archive.models import Article, Listing, Page
from crawler.errors import MissingPart, PageGone, ParseError
from crawler.parsers.characters import decode
from crawler.parsers.document import drop_unseen, parse
from crawler.parsers.embedded import read_embedded
from crawler.parsers.entries import Syndicated
from crawler.parsers.fields import (
    AUTHORS,
    CANONICAL_URL,
    CATEGORY,
    IMAGE,
    LANGUAGE,
    MODIFIED,
    ORIGINAL_TITLE,
    SOURCE,
    SUMMARY,
    VIEWS,
)
from crawler.parsers.findings import Findings
from crawler.parsers.found import Evidence, Found, evidence, first_of
from crawler.parsers.gone import why_gone
from crawler.parsers.listing import FEWEST_LINKS, listed_links, why_listing
from crawler.parsers.packed import MAGIC, unpack
from crawler.parsers.paging import next_page, next_part
from crawler.parsers.published import PUBLISHED
from crawler.parsers.related import find_related
from crawler.parsers.syndicated import as_listing, read_syndicated
from crawler.parsers.text import LONGEST_FIELD
from crawler.parsers.title import without_suffix
from crawler.sites import Site, site_for

MARKUP = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
"""Media types that pages are served as, and some feeds and sitemaps."""
SYNDICATED = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/gzip",
    "application/x-gzip",
)
"""Those of feeds and sitemaps alone; packed ones come unpacked where a server also names gzip as Content-Encoding."""
MOST_AUTHORS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A reading, and why each of its fields is what it is."""

    page: Page
    evidence: tuple[Evidence, ...]
    syndicated: Syndicated | None = None
    """The whole feed or sitemap that a list was read of."""


def read_page(
    html: bytes | str,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    site: Site | None = None,
) -> Page:
    """What a page says, as an article or a list; raises ``ParseError`` where it is neither.

    ``PageGone`` is the one for a page that says that it is no more.
    ``fetched_at`` resolves times like 3小时前; without it they stay as printed.
    """
    return explain_page(html, url, content_type=content_type, fetched_at=fetched_at, site=site).page


def explain_page(
    html: bytes | str,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    site: Site | None = None,
) -> Explained:
    """As ``read_page``, with the rule, the raw text and the place of every field."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    is_packed = isinstance(html, bytes) and html.startswith(MAGIC)
    if media_type and media_type not in (*MARKUP, *SYNDICATED) and not is_packed:
        raise ParseError(f"no page but {media_type}", url=url)
    body = unpack(html, url) if isinstance(html, bytes) and is_packed else html
    decoded = decode(body, content_type) if isinstance(body, bytes) else None
    text = decoded.text if decoded else str(body)
    syndicated = read_syndicated(text, url)
    if syndicated is not None:
        return _syndicated(syndicated, url)
    if is_packed:
        raise ParseError("a packed file, and neither feed nor sitemap in it", url=url)
    if media_type and media_type not in MARKUP:
        raise ParseError(f"no page but {media_type}", url=url)
    document = parse(text, url)
    embedded = read_embedded(document)
    drop_unseen(document)
    page = Findings(document, embedded, site or site_for(url), fetched_at)
    gone = why_gone(page)
    if gone:
        raise PageGone(gone.value, url=url)
    why = why_listing(page)
    explained = _article(page) if why is None and page.has_text else _listing(page, why)
    if decoded is None:
        return explained
    charset = Found(
        decoded.charset, f"{decoded.charset}, {decoded.replaced} characters replaced", "the bytes", rule=decoded.reason
    )
    return Explained(page=explained.page, evidence=(*evidence([("charset", charset)]), *explained.evidence))


def _article(page: Findings) -> Explained:
    own, title = page.profile, page.title
    if title is None:
        raise MissingPart("title", url=page.document.url)
    if not page.paragraphs:
        raise MissingPart("no text of an article", url=page.document.url)
    published = (own and own.time("published_at")) or first_of(PUBLISHED, page)
    modified = (own and own.time("modified_at")) or first_of(MODIFIED, page)
    category = (own and own.text("category")) or first_of(CATEGORY, page)
    source = (own and own.text("source")) or first_of(SOURCE, page)
    authors = (own and own.names("authors")) or first_of(AUTHORS, page)
    views = (own and own.count("views")) or first_of(VIEWS, page)
    summary = (own and own.text("summary")) or first_of(SUMMARY, page)
    language = (own and own.text("language")) or first_of(LANGUAGE, page)
    image = (own and own.address("image")) or first_of(IMAGE, page)
    canonical_url, original_title = first_of(CANONICAL_URL, page), first_of(ORIGINAL_TITLE, page)
    related = (own and own.links("related")) or find_related(page.lists, page.document)
    further = (own and own.address("next")) or next_part(page.next_links, page.document.url)
    published_at, assumed = published.value.placed(page.zone) if published else (None, None)
    article = Article(
        url=page.document.url,
        canonical_url=_value(canonical_url),
        title=title.text[:LONGEST_FIELD],
        original_title=_value(original_title),
        published_at=published_at,
        published_precision=published.value.precision if published else None,
        published_raw=published.value.raw if published else None,
        timezone_assumed=assumed,
        modified_at=modified.value.placed(page.zone)[0] if modified else None,
        category=_value(category),
        source=_value(source),
        authors=tuple(name[:LONGEST_FIELD] for name in authors.value[:MOST_AUTHORS]) if authors else (),
        views=views.value.value if views else None,
        views_raw=views.value.raw if views else None,
        summary=_value(summary),
        language=_value(language),
        image=_value(image),
        sections=page.sections,
        related=related.value if related else (),
        next=_value(further),
    )
    return Explained(
        page=article,
        evidence=evidence(
            [
                ("title", Found(title.text, title.text, page.title_line or "<title> or data", rule=title.rule)),
                ("original_title", original_title),
                ("published_at", published),
                ("modified_at", modified),
                ("category", category),
                ("source", source),
                ("authors", authors),
                ("views", views),
                ("summary", summary),
                ("language", language),
                ("image", image),
                ("canonical_url", canonical_url),
                ("sections", page.text_found),
                ("related", related),
                ("next", further),
            ]
        ),
    )


def _syndicated(read: Syndicated, url: str) -> Explained:
    """The list that a feed or a sitemap is; one without entries says that nothing is new."""
    listing = as_listing(read, url)
    raw, rule = f"{len(read.entries)} entries", f"a {read.kind} ({read.format})"
    parts = (
        ("kind", "listing"),
        ("title", listing.title),
        ("links", listing.links or None),
        ("next", listing.next),
        ("lists", listing.lists or None),
    )
    told = [(name, Found(value, raw, "the document", rule=rule)) for name, value in parts if value is not None]
    return Explained(page=listing, evidence=evidence(told), syndicated=read)


def _listing(page: Findings, why: str | None) -> Explained:
    """The list; raises ``MissingPart`` where a page without an article's text is none."""
    own, named = page.profile, page.embedded.document_title or page.embedded.title
    links = (own and own.links("links")) or listed_links(page)
    if why is None and len(links.value) < FEWEST_LINKS and not any(link.summary for link in links.value):
        raise MissingPart("no article and no list", url=page.document.url)
    title = (own and own.text("title")) or (named and _headline(named))
    further = (own and own.address("next")) or next_page(page.next_links, page.document.url)
    listing = Listing(url=page.document.url, title=_value(title), links=links.value, next=_value(further))
    kind = Found("listing", f"{len(links.value)} links", "the page", rule=why or "no text of an article")
    return Explained(
        page=listing, evidence=evidence([("kind", kind), ("title", title), ("links", links), ("next", further)])
    )


def _headline(named: Found[str]) -> Found[str]:
    return replace(named, value=without_suffix(named.value), rule="the page's name for itself")


def _value(found: Found[str] | None) -> str | None:
    return found.value[:LONGEST_FIELD] if found else None
