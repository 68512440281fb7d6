"""The text of pages that print none and leave that to their scripts: it stands in their data, as JSON."""

import json
import re
from collections.abc import Iterable, Iterator
from html import escape

from lxml import etree, html

from archive.models import Section
from crawler.parsers.cut import cut_page
from crawler.parsers.document import Document
from crawler.parsers.embedded import Embedded
from crawler.parsers.found import Found
from crawler.parsers.sections import read_sections
from crawler.parsers.text import pairs, printable, share_of_pairs, weight

TITLES = ("title", "headline", "name", "articletitle", "newstitle", "subject")
BODIES = ("articlebody", "body", "bodyhtml", "content", "contenthtml", "articlecontent", "newscontent", "html", "text")
"""Names under which data keep a title and the text that belongs to it, in small letters without marks."""
LEAST_SHARED = 0.5
"""Share of its pairs of letters that the title beside a text must have in common with the page's title."""
SHORTEST_DATA = 100
"""Characters of the shortest attribute that may hold a text."""
SHORTEST = 60.0
"""Weight of the shortest text that is taken from data."""
MOST_DEPTH = 40

_SCRIPT = re.compile(r"<script\b[^>]{0,2000}>", re.IGNORECASE)
_SCRIPT_END = re.compile("</script>", re.IGNORECASE)
SHORTEST_SCRIPT = 200
"""Characters of the shortest script that may hold a text."""
_JSON = re.compile(r"""^\s*(?=[{\[])|=\s*(?=[{\[])|=\s*JSON\.parse\(\s*(?=")""")
_MOST_PLACES = 20
"""Places in one script at which JSON is looked for."""


def told_sections(document: Document, embedded: Embedded, title: str) -> Found[tuple[Section, ...]] | None:
    """The longest text that the page's data give for its title."""
    told = [(embedded.body.value, "JSON-LD articleBody")] if embedded.body else []
    told += [(text, "a script's data") for text in _bodies(_scripts(document.text), title)]
    told += [(text, "an attribute's data") for text in _bodies(_attributes(document.root), title)]
    text, place = max(told, key=lambda one: weight(one[0]), default=("", ""))
    if weight(text) < SHORTEST:
        return None
    sections = read_sections(cut_page(_markup(text)).lines, title)
    return Found(sections, text, place, rule="the page prints no text, its data do") if sections else None


def _bodies(data: Iterable[str], title: str) -> Iterator[str]:
    """The texts in some data that stand beside the page's title."""
    wanted = pairs(title)
    for one in data:
        for value in _values(one):
            for titled, text in _texts(value, 0):
                if share_of_pairs(wanted, titled) >= LEAST_SHARED:
                    yield text


def _scripts(markup: str) -> Iterator[str]:
    """What stands in the script elements; found in one walk, however many are left open."""
    place = 0
    while (start := _SCRIPT.search(markup, place)) and (end := _SCRIPT_END.search(markup, start.end())):
        if end.start() - start.end() >= SHORTEST_SCRIPT:
            yield markup[start.end() : end.start()]
        place = end.end()


def _attributes(root: html.HtmlElement) -> Iterator[str]:
    """What elements hand to the script that will fill them: data-props='{"title": …}'."""
    for element in root.iter():
        for name, value in element.items():
            if len(value) >= SHORTEST_DATA and name.startswith("data-") and value[0] in "{[":
                yield value


def _values(script: str) -> Iterator[object]:
    """The JSON values of a script: all of it, or what it assigns."""
    decoder = json.JSONDecoder(strict=False)
    end = 0
    for number, place in enumerate(_JSON.finditer(script)):
        if number == _MOST_PLACES:
            return
        if place.end() < end:
            continue  # inside the value before
        try:
            value, end = decoder.raw_decode(script, place.end())
            yield json.loads(value, strict=False) if isinstance(value, str) else value
        except (ValueError, RecursionError):  # a script's own braces
            continue


def _texts(value: object, depth: int) -> Iterator[tuple[str, str]]:
    """Each title of a JSON value with the text beside it."""
    if depth > MOST_DEPTH:
        return
    if isinstance(value, dict):
        named = {re.sub(r"[\W_]", "", str(key)).lower(): inner for key, inner in value.items()}
        title = next((inner for key in TITLES if isinstance(inner := named.get(key), str)), None)
        if title:
            yield from ((title, text) for key in BODIES if (text := _joined(named.get(key))))
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, depth + 1)


def _joined(value: object) -> str:
    """A text as it is; a list of blocks as their texts, one below the other."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    blocks = [block.get("text") or block.get("content") if isinstance(block, dict) else block for block in value]
    return "\n".join(f"<p>{block}</p>" for block in blocks if isinstance(block, str))


def _markup(text: str) -> html.HtmlElement:
    text = printable(text)
    if not re.search(r"<(?:p|br|div)\b", text, re.IGNORECASE):
        text = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    root = html.fragment_fromstring(text, create_parent="div")
    etree.strip_elements(root, "script", "style", with_tail=False)
    return root
