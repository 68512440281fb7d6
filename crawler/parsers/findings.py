"""One page with all that was found on it so far, each part found when it is first asked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from archive.models import Section
from crawler.parsers.container import Container, find_container
from crawler.parsers.cut import Cut, cut_page
from crawler.parsers.dates import zone_for
from crawler.parsers.document import Document
from crawler.parsers.embedded import Embedded
from crawler.parsers.extent import core_end
from crawler.parsers.found import Found, place_of_element
from crawler.parsers.head import Head, head_lines, read_head
from crawler.parsers.lines import Line
from crawler.parsers.lists import LinkList, find_lists
from crawler.parsers.paging import next_links
from crawler.parsers.profile import Profile
from crawler.parsers.sections import read_sections, texts, up_to_longest
from crawler.parsers.siblings import is_prose
from crawler.parsers.state import told_sections
from crawler.parsers.text import FULL_STOP, language_of, letters, pairs, share_of_pairs
from crawler.parsers.title import Title, find_title, opening_title, title_above_head
from crawler.sites import Site

WIDEST_HEAD = 30
"""Lines between the title and the text among which a standfirst is looked for."""
IS_SOMEBODY = re.compile(
    r"\s+(?:is|was|has|covers|writes|works|ist|war|hat|schreibt|arbeitet|est|es|è|är|er)\s|[，,]?(?:现任|系|是)"
)
"""What follows a name that a biography begins with."""
LAST_LINES = 4
"""Paragraphs at the end of the text among which an author's biography may begin."""
MOST_NAMES = 50
"""Authors that are looked for in the text."""
LONGEST_BYLINE = 20.0
MOST_BESIDE_NAMES = 4
"""Letters beside the authors' names on a line that says no more than them: by, von, 记者."""
MOSTLY_SPOKEN = 0.6
LEAST_TEXT = 20.0
"""Least worth of a container that makes a page an article."""
LITTLE_TEXT = 60.0
"""Worth of a container up to which a longer text in the page's data is the article."""


@dataclass(frozen=True)
class Findings:
    """What the rules of every field look at."""

    document: Document
    embedded: Embedded
    site: Site | None
    fetched_at: datetime | None

    @cached_property
    def profile(self) -> Profile | None:
        """The site's own rules, if it has some."""
        return Profile(self.site, self.document, self.fetched_at) if self.site and self.site.fields else None

    @cached_property
    def page(self) -> Cut:
        """The page as lines."""
        return cut_page(self.document.root)

    @cached_property
    def next_links(self) -> tuple[Found[str], ...]:
        """The links to a next page."""
        return tuple(next_links(self.document))

    @cached_property
    def all_lists(self) -> list[LinkList]:
        """Every list of linked headlines, the doubtful ones too."""
        return find_lists(self.page, self.document)

    @cached_property
    def lists(self) -> list[LinkList]:
        """Those that are lists for sure."""
        return [linked for linked in self.all_lists if linked.certain]

    @cached_property
    def listed(self) -> frozenset[int]:
        """The numbers of the lines that stand in one."""
        return frozenset(number for linked in self.lists for number in linked.lines())

    @cached_property
    def own_title(self) -> Found[str] | None:
        """The title by the site's own rules."""
        return self.profile.text("title") if self.profile else None

    @cached_property
    def named_title(self) -> Title | None:
        """The title, as far as the page's names for itself and its headings tell."""
        own = self.own_title
        if own:
            same = (number for number, line in enumerate(self.page.lines) if letters(line.text) == letters(own.value))
            return Title(text=own.value, line=next(same, None), rule=own.rule)
        return find_title(self.page.lines, self.embedded, self.site.title_suffix if self.site else None)

    @cached_property
    def container(self) -> Container | None:
        """The subtree that is worth most as an article; ``None`` on a page without text."""
        title = self.named_title
        return find_container(self.page, self.lists, title.text if title else None, title.line if title else None)

    @cached_property
    def text(self) -> Container:
        """The subtree of the article; the whole page where only the site's own rules see a text."""
        return self.container or Container(element=self.document.root, first=0, end=len(self.page.lines), worth=0.0)

    @property
    def has_text(self) -> bool:
        """Whether there is enough text for an article."""
        return self.own_sections is not None or (self.container is not None and self.container.worth >= LEAST_TEXT)

    @cached_property
    def title(self) -> Title | None:
        """The title; where no line prints what the page is named, the short line at the beginning of the text."""
        named, place = self.named_title, (self.page.lines, self.text.first, self.text.end)
        if named and (self.own_title or named.line is not None or self._speaks_of(named.text)):
            return named
        return title_above_head(*place) or named or opening_title(*place)

    def _speaks_of(self, title: str) -> bool:
        """Whether the text has most of a title's letters; 新闻动态 or a site's name stand above any text."""
        text = "".join(line.text for line in self.page.lines[self.text.first : self.text.end])
        return share_of_pairs(pairs(title), text) >= MOSTLY_SPOKEN

    @property
    def title_line(self) -> Line | None:
        """The line that prints the title."""
        return self.page.lines[self.title.line] if self.title and self.title.line is not None else None

    @cached_property
    def head(self) -> Head:
        """What is printed beside the title."""
        title = self.title
        lines = head_lines(self.page.lines, title.line if title else None, self.text.first, self.text.end)
        return read_head(lines, title.text if title else "", self.fetched_at)

    @cached_property
    def own_sections(self) -> Found[tuple[Section, ...]] | None:
        """The text by the site's own rules, or by the page's data where hardly any is printed."""
        title = self.named_title.text if self.named_title else ""
        own = self.profile.sections(title) if self.profile else None
        if own or (self.container is not None and self.container.worth > LITTLE_TEXT):
            return own
        return told_sections(self.document, self.embedded, title)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The text as far as the longest goes, without the lines of link lists that stand in the same subtree."""
        return up_to_longest(self._whole_sections)

    @cached_property
    def _whole_sections(self) -> tuple[Section, ...]:
        if self.own_sections:
            return self.own_sections.value
        inside = enumerate(self.page.within(self.text.element), self.text.first)
        end = core_end(self.page, self.text, self.listed)
        lines = [line for number, line in inside if number < end and self._is_own(number, line)]
        lines = _without_biography(lines, self._names)
        return read_sections(lines, self.title.text if self.title else "", above=self._above())

    def _is_own(self, number: int, line: Line) -> bool:
        return number not in self.listed and not self._names_authors(line)

    def _above(self) -> Iterator[Line]:
        """The standfirst that stands between the title and the text's own subtree."""
        start = self.title.line + 1 if self.title and self.title.line is not None else self.text.first
        if self.text.first - start <= WIDEST_HEAD:
            for number in range(start, self.text.first):
                line = self.page.lines[number]
                if not line.anchors and line.zone in (None, "related") and self._is_own(number, line):
                    yield replace(line, zone=None)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The authors' names, as the page's data and its head print them."""
        given = (self.embedded.authors, self.head.authors)
        return tuple(name for found in given if found for name in found.value)[:MOST_NAMES]

    @cached_property
    def _letters_of_names(self) -> tuple[str, ...]:
        return tuple(map(letters, self._names))

    def _names_authors(self, line: Line) -> bool:
        """Whether a line is nothing but the names of the authors, printed again above or below the text."""
        if line.weight > LONGEST_BYLINE or not self._names or FULL_STOP.search(line.text):
            return False
        rest = own = letters(line.text)
        for name in self._letters_of_names:
            rest = rest.replace(name, "")
        return rest != own and len(rest) <= MOST_BESIDE_NAMES

    @property
    def text_found(self) -> Found[object]:
        """The evidence of the text."""
        told = ", of which the rest is left out" if self.sections != self._whole_sections else ""
        own = self.own_sections
        if own:
            return Found(None, own.raw, own.place, rule=f"{own.rule}{told}")
        opening = self.paragraphs[0] if self.paragraphs else ""
        rule = f"the subtree that is worth most as text{told}"
        return Found(None, opening, place_of_element(self.text.element), rule=rule)

    @cached_property
    def paragraphs(self) -> list[str]:
        """The text's paragraphs, without headings."""
        return list(texts(self.sections))

    @cached_property
    def script(self) -> str | None:
        """The language that the script of the text tells."""
        return language_of("".join(self.paragraphs))

    @cached_property
    def zone(self) -> str:
        """The time zone to assume where the page prints none."""
        declared = self.embedded.language.value if self.embedded.language else None
        return self.site.timezone if self.site else zone_for(self.script or declared)

    def near(self, below: int) -> Iterator[Line]:
        """The lines from the title, or the text, to some lines below the text, without those of link lists."""
        start = self.text.first
        if self.title and self.title.line is not None:
            start = min(start, self.title.line)
        for number in range(start, min(len(self.page.lines), self.text.end + below)):
            if number not in self.listed:
                yield self.page.lines[number]


def _without_biography(lines: list[Line], names: tuple[str, ...]) -> list[Line]:
    """The lines without the last ones that say who an author is: Maria Lang ist Redakteurin in Wien."""
    last = [number for number, line in enumerate(lines) if is_prose(line)][1:][-LAST_LINES:]
    told = (
        number
        for number in last
        for name in names
        if lines[number].text.startswith(name) and IS_SOMEBODY.match(lines[number].text, len(name))
    )
    return lines[: next(told, len(lines))]
