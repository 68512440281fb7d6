"""What a page says about itself to machines: JSON-LD, meta elements and microdata."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from lxml import html

from crawler.parsers.dates import PrintedTime, embedded_time
from crawler.parsers.document import Document
from crawler.parsers.names import split_names
from crawler.parsers.text import printable, squeeze

Json = dict[str, object] | list[object] | str | int | float | bool | None

ARTICLE_TYPES = re.compile(r"Article|BlogPosting|Report$|LiveBlog")
LIST_TYPES = frozenset({"CollectionPage", "ItemList", "SearchResultsPage"})

# Each field with the meta names that give it, the most exact first.
META = {
    "title": ("og:title", "twitter:title", "articletitle", "title"),
    "published": (
        "article:published_time",
        "datepublished",
        "pubdate",
        "publishdate",
        "og:published_time",
        "og:pubdate",
        "publish_time",
        "weibo:article:create_at",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date.issued",
        "dcterms.created",
        "date",
        "dc.date",
    ),
    "modified": (
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "lastmod",
        "last-modified",
        "dcterms.modified",
    ),
    "authors": (
        "author",
        "article:author",
        "weibo:article:create_author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "byl",
    ),
    "category": ("article:section", "parsely-section", "columnname", "channel"),
    "source": ("contentsource", "mediaid", "copyright_source"),
    "image": ("og:image", "og:image:url", "twitter:image"),
    "description": ("og:description", "description", "twitter:description"),
    "type": ("og:type",),
    "site": ("og:site_name", "application-name", "sitename"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Embedded:
    """What the page says about itself; each part may be absent."""

    title: str | None = None
    document_title: str | None = None
    """The ``<title>`` as printed."""
    published: PrintedTime | None = None
    modified: PrintedTime | None = None
    authors: tuple[str, ...] = ()
    category: str | None = None
    source: str | None = None
    image: str | None = None
    description: str | None = None
    site: str | None = None
    canonical_url: str | None = None
    language: str | None = None
    is_article: bool = False
    is_list: bool = False


def read_embedded(document: Document) -> Embedded:
    """All that a page says about itself, before its scripts are dropped."""
    root = document.root
    meta = _meta(root)
    ld = next(_articles(root), {})
    types = {str(node.get("@type")) for node in _json_nodes(root)}
    given = {name: next((meta[key] for key in keys if meta.get(key)), None) for name, keys in META.items()}
    return Embedded(
        title=_text(ld.get("headline")) or given["title"],
        document_title=_document_title(root),
        published=_time(_text(ld.get("datePublished")) or given["published"] or _itemprop(root, "datePublished")),
        modified=_time(_text(ld.get("dateModified")) or given["modified"] or _itemprop(root, "dateModified")),
        authors=_authors(ld.get("author"), given["authors"]),
        category=_text(ld.get("articleSection")) or given["category"],
        source=given["source"],
        image=document.link(given["image"] or _text(ld.get("image"))),
        description=given["description"],
        site=given["site"],
        canonical_url=_canonical(document),
        language=_language(root),
        is_article=bool(ld) or given["type"] == "article",
        is_list=bool(types & LIST_TYPES) and not ld,
    )


def _meta(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = squeeze(element.get("content") or "")
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _articles(root: html.HtmlElement) -> Iterator[dict[str, object]]:
    for node in _json_nodes(root):
        kinds = node.get("@type")
        if any(ARTICLE_TYPES.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
            yield node


def _json_nodes(root: html.HtmlElement) -> Iterator[dict[str, object]]:
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json" and script.text:
            yield from _nodes(_parsed(script.text))


def _parsed(text: str) -> Json:
    try:
        parsed: Json = json.loads(text, strict=False)
    except (ValueError, RecursionError):  # cut off, commented out, or nested to break the reader
        return None
    return parsed


def _nodes(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """The objects of a JSON-LD value that may describe the page: itself, its list, its graph, its main entity."""
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(key), depth + 1)


def _text(value: object) -> str | None:
    """The text of a JSON-LD value: a string, a list's first item, an object's name or address."""
    if isinstance(value, list):
        return _text(value[0]) if value else None
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("url"))
    return squeeze(html_text(value)) or None if isinstance(value, str) else None


def html_text(value: str) -> str:
    """A JSON string without the markup and entities that some pages leave in it."""
    return printable(unescape(re.sub(r"<[^<>]{1,200}>", "", value)))


def _authors(ld: object, meta: str | None) -> tuple[str, ...]:
    people = ld if isinstance(ld, list) else [ld]
    printed = [name for person in people if (name := _text(person))] or ([meta] if meta else [])
    return tuple(dict.fromkeys(name for text in printed for name in split_names(text)))


def _time(value: str | None) -> PrintedTime | None:
    return embedded_time(value) if value else None


def _itemprop(root: html.HtmlElement, name: str) -> str | None:
    for element in root.xpath("//*[@itemprop=$name]", name=name):
        return element.get("datetime") or element.get("content") or squeeze(element.text_content()) or None
    return None


def _document_title(root: html.HtmlElement) -> str | None:
    for element in root.iter("title"):
        title = squeeze(element.text or "")
        if title:
            return title
    return None


def _canonical(document: Document) -> str | None:
    for element in document.root.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            return document.link(element.get("href"))
    return None


def _language(root: html.HtmlElement) -> str | None:
    declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
    match = re.match(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*$", declared.strip())
    return match[0].replace("_", "-") if match else None
