"""Chinese and English: all words of the room, side by side in one catalogue."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
CATALOGUE: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
    files("archive.web").joinpath("texts.toml").read_text("utf-8")
)
"""Page -> name -> the words in each language, and ``one``: the English ones for a count of 1."""

_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[\w-]+)?\s*(?:;\s*q\s*=\s*([\d.]+)\s*)?")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language."""

    language: Language

    def __call__(self, key: str, /, **values: object) -> str:
        """The words of a key, ``page.name``, with the values in their places.

        >>> Wording("en")("search.found", count=1), Wording("zh")("search.found", count=1200)
        ('1 article', '1,200 篇')
        """
        page, _, name = key.partition(".")
        words = CATALOGUE[page][name]
        singular = words.get("one") if self.language == "en" and values.get("count") == 1 else None
        return (singular or words[self.language]).format_map(values) if values else words[self.language]

    def has(self, key: str) -> bool:
        """Whether the catalogue has words for a key."""
        page, _, name = key.partition(".")
        return name in CATALOGUE.get(page, {})

    def retold(self, page: str, sentence: str) -> str:
        """What the archive says in English, in this language, if the page's words have it.

        >>> Wording("zh").retold("reason", "OR needs something to search for after it")
        'OR 之后须有检索内容'
        """
        for words in CATALOGUE[page].values():
            if told := _pattern(words["en"]).fullmatch(sentence):
                return words[self.language].format_map(told.groupdict())
        return sentence

    @property
    def tag(self) -> str:
        """As HTML and HTTP name the language."""
        return {"zh": "zh-CN", "en": "en"}[self.language]


@cache
def _pattern(words: str) -> re.Pattern[str]:
    """What a sentence with these words looks like, whatever stands in their places."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(words)), re.DOTALL)


def preferred(accepted: str) -> Language:
    """The first of a browser's languages (``Accept-Language``, RFC 9110 12.5.4) that there is; else English.

    >>> preferred("fr, zh-TW;q=0.8, en;q=0.5"), preferred("")
    ('zh', 'en')
    """
    found = filter(None, map(_RANGE.fullmatch, accepted[:1_000].split(",")))
    ranked = [(_weight(one[2]), language) for one in found for language in LANGUAGES if one[1].lower() == language]
    best = max(ranked, key=lambda one: one[0], default=(0.0, "en"))
    return best[1] if best[0] > 0 else "en"


def _weight(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
