"""The articles as they stand in each state of the site, read from ``articles/<category>/<slug>.toml``.

A file holds an article's first text, a paragraph a line. ``first_state`` and ``last_state`` bound its life, and each of
its ``edits`` says in which states one passage (and maybe the headline) reads otherwise.
"""

import hashlib
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from crawler.sample_site.model import SITE_NAME, Category, SampleArticle, SampleSection

STATES = (1, 2, 3)
CATEGORIES = (
    Category(slug="local", name="本地"),
    Category(slug="tech", name="科技"),
    Category(slug="culture", name="文化"),
    Category(slug="sports", name="体育"),
)

RELATED = 9
SUMMARY_LENGTH = 78

Story = dict[str, Any]
"""One file's values as TOML gives them."""


@cache
def articles(state: int) -> tuple[SampleArticle, ...]:
    """All articles that stand on the site in this state, newest first."""
    live = {slug: story for slug, story in _stories().items() if _lives(story, state)}
    found = [_article(slug, story, state) for slug, story in live.items()]
    found.sort(key=lambda article: article.published, reverse=True)
    return tuple(replace(article, related=_related(article, found, state)) for article in found)


@cache
def _stories() -> dict[str, Story]:
    stories: dict[str, Story] = {}
    for category in CATEGORIES:
        for file in (files("crawler.sample_site") / "articles" / category.slug).iterdir():
            story = tomllib.loads(file.read_text(encoding="utf-8"))
            stories[file.name.removesuffix(".toml")] = story | {"category": category}
    return stories


def _lives(story: Story, state: int) -> bool:
    return bool(_first_state(story) <= state <= story.get("last_state", STATES[-1]))


def _first_state(story: Story) -> int:
    return int(story.get("first_state", STATES[0]))


def _article(slug: str, story: Story, state: int) -> SampleArticle:
    title, text = _edited(story, state)
    lines = [line for line in text.splitlines() if line]
    if source := story.get("source"):
        lines[0] = f"【来源:{source}】{lines[0]}"
    if authors := tuple(story.get("authors", ())):
        lines.append(f"({SITE_NAME}记者 {' '.join(authors)})")
    return SampleArticle(
        slug=slug,
        title=title,
        published=story["published"],
        category=story["category"],
        views=_views(slug, story, state),
        authors=authors,
        source=source,
        sections=_sections(lines),
        summary=_summary(lines[0]),
    )


def _edited(story: Story, state: int) -> tuple[str, str]:
    """Headline and text in this state."""
    title, text = story["title"], story["text"]
    for edit in story.get("edits", ()):
        if state in edit["states"]:
            title, text = edit.get("title", title), text.replace(edit["old"], edit["new"])
    return title, text


def _sections(lines: list[str]) -> tuple[SampleSection, ...]:
    """The lines cut at each 【heading】; a line that only begins with a bracket is text."""
    sections = [SampleSection()]
    for line in lines:
        if line.startswith("【") and line.endswith("】"):
            sections.append(SampleSection(heading=line[1:-1]))
        else:
            sections[-1] = replace(sections[-1], paragraphs=(*sections[-1].paragraphs, line))
    return tuple(section for section in sections if section.paragraphs)


def _summary(opening: str) -> str:
    return opening if len(opening) <= SUMMARY_LENGTH else opening[:SUMMARY_LENGTH] + "..."


def _views(slug: str, story: Story, state: int) -> int:
    """The file's counter, risen unevenly with each state since the article appeared."""
    later = range(_first_state(story) + 1, state + 1)
    return int(story["views"]) + sum(3 + _dice(slug, one, sides=400) for one in later)


def _related(article: SampleArticle, live: list[SampleArticle], state: int) -> tuple[str, ...]:
    """Nine of the same category: a lasting likeness, moved about by the state, and a push for what is new."""

    def rank(other: SampleArticle) -> int:
        likeness = _dice(article.slug, other.slug, sides=100)
        new = 80 if state > STATES[0] and _first_state(_stories()[other.slug]) == state else 0
        return likeness + _dice(article.slug, other.slug, state, sides=60) + new

    others = [other for other in live if other.category == article.category and other.slug != article.slug]
    return tuple(other.path for other in sorted(others, key=rank, reverse=True)[:RELATED])


def _dice(*words: object, sides: int) -> int:
    """A number from 0 that depends on the words alone, so that it falls alike on every machine."""
    return int.from_bytes(hashlib.sha256(repr(words).encode()).digest()[:4]) % sides
