"""What a page says about itself to machines: JSON-LD, meta elements and microdata."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import TypeVar

from lxml import html

from crawler.parsers.dates import PrintedTime, embedded_time
from crawler.parsers.document import Document
from crawler.parsers.found import Found
from crawler.parsers.names import split_names
from crawler.parsers.text import printable, squeeze

T = TypeVar("T")
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
}

MOST_DEPTH = 4
"""Values inside values that are still looked into."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Embedded:
    """What the page says about itself; each part may be absent."""

    title: Found[str] | None
    document_title: Found[str] | None
    """The ``<title>`` as printed."""
    published: Found[PrintedTime] | None
    modified: Found[PrintedTime] | None
    authors: Found[tuple[str, ...]] | None
    category: Found[str] | None
    source: Found[str] | None
    image: Found[str] | None
    description: Found[str] | None
    canonical_url: Found[str] | None
    language: Found[str] | None
    body: Found[str] | None
    is_article: bool
    is_list: bool


def read_embedded(document: Document) -> Embedded:
    """All that a page says about itself, before its scripts are dropped."""
    root = document.root
    meta = _meta(root)
    nodes = list(_json_nodes(root))
    article = next(_articles(nodes), {})

    def said(field: str, key: str, *, itemprop: bool = False) -> Found[str] | None:
        """The JSON-LD value, else the first meta element that gives one, else the element with that itemprop."""
        text = _text(article.get(key)) if key else None
        if text:
            return Found(text, text, f"JSON-LD {key}")
        name = next((name for name in META.get(field, ()) if meta.get(name)), None)
        if name:
            return Found(meta[name], meta[name], f"meta {name}")
        text = _itemprop(document, key) if itemprop else None
        return Found(text, text, f"itemprop {key}") if text else None

    return Embedded(
        title=said("title", "headline"),
        document_title=_document_title(root),
        published=_read(said("published", "datePublished", itemprop=True), embedded_time),
        modified=_read(said("modified", "dateModified", itemprop=True), embedded_time),
        authors=_authors(article.get("author"), said("authors", "")),
        category=said("category", "articleSection"),
        source=said("source", ""),
        image=_read(said("image", "") or said("", "image"), document.link),
        description=said("description", ""),
        canonical_url=_canonical(document),
        language=_language(root),
        body=_body(article.get("articleBody")),
        is_article=bool(article) or meta.get("og:type") == "article",
        is_list=not article and (any(str(node.get("@type")) in LIST_TYPES for node in nodes) or _is_archive(root)),
    )


def _is_archive(root: html.HtmlElement) -> bool:
    """Whether the body has the class that WordPress gives to lists by category, tag, author or date."""
    return any("archive" in (body.get("class") or "").split() for body in root.iter("body"))


def _read(said: Found[str] | None, reader: Callable[[str], T | None]) -> Found[T] | None:
    """What a text means; ``None`` where it means nothing."""
    value = reader(said.value) if said else None
    return Found(value, said.raw, said.place) if said and value is not None else None


def _meta(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = squeeze(element.get("content") or "")
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _articles(nodes: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    for node in nodes:
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
    if depth > MOST_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(key), depth + 1)


def _text(value: object, depth: int = 0) -> str | None:
    """The text of a JSON-LD value: a string, a list's first item, an object's name or address."""
    if depth > MOST_DEPTH:
        return None
    if isinstance(value, list):
        return _text(value[0], depth + 1) if value else None
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("url"), depth + 1)
    return squeeze(html_text(value)) or None if isinstance(value, str) else None


def html_text(value: str) -> str:
    """A JSON string without the markup and entities that some pages leave in it."""
    return printable(unescape(re.sub(r"<[^<>]{1,200}>", "", value)))


def _authors(ld: object, meta: Found[str] | None) -> Found[tuple[str, ...]] | None:
    people = ld if isinstance(ld, list) else [ld]
    printed = [name for person in people if (name := _text(person))]
    for texts, place in ((printed, "JSON-LD author"), ([meta.raw], meta.place) if meta else ([], "")):
        names = tuple(dict.fromkeys(name for text in texts for name in split_names(text)))
        if names or texts:
            return Found(names, ", ".join(texts), place) if names else None
    return None


def _body(value: object) -> Found[str] | None:
    """The text with its lines as they are."""
    return Found(value, value, "JSON-LD articleBody") if isinstance(value, str) and value.strip() else None


def _itemprop(document: Document, name: str) -> str | None:
    marked = document.root.xpath("//*[@itemprop=$name]", name=name) if name in document.text else ()
    for element in marked:
        return element.get("datetime") or element.get("content") or squeeze(element.text_content()) or None
    return None


def _document_title(root: html.HtmlElement) -> Found[str] | None:
    for element in root.iter("title"):
        title = squeeze(element.text or "")
        if title:
            return Found(title, title, "<title>")
    return None


def _canonical(document: Document) -> Found[str] | None:
    for element in document.root.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            url = document.link(element.get("href"))
            return Found(url, element.get("href") or "", "link rel=canonical") if url else None
    return None


def _language(root: html.HtmlElement) -> Found[str] | None:
    declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
    match = re.match(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*$", declared.strip())
    return Found(match[0].replace("_", "-"), declared, "html lang") if match else None
