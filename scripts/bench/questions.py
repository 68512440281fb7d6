"""The queries of the search benchmark, and by brute force what each has to find."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from corpus import Corpus

from archive.models import Article

KINDS = {
    "one character": 30,
    "two characters": 90,
    "three characters": 40,
    "four or more": 40,
    "cut from a text": 30,
    "Latin": 30,
    "a number": 10,
    "two words": 30,
}
"""How many queries there are of each kind, 300 in all."""
_ANY_WORD = re.compile(r"[a-z0-9]+")


@dataclass(kw_only=True, slots=True)
class Question:
    """One query."""

    kind: str
    words: tuple[str, ...]
    """Folded; all must occur."""
    ids: list[int] = field(default_factory=list)
    """The articles that it has to find."""

    @property
    def typed(self) -> str:
        return " ".join(self.words)


def questions() -> list[Question]:
    """Always the same ones: words as often asked for as they are printed, and pieces of texts that are no words."""
    chance = random.Random(11)
    sample = Corpus(seed=77)  # other articles than those that are searched
    texts = [article.body for article in sample.articles(300)]
    by_length: dict[int, list[str]] = {length: [] for length in (2, 3, 4)}
    for word in sample.words[:60_000]:
        if re.fullmatch("[\u4e00-\u9fff]+", word):
            by_length.setdefault(min(len(word), 4), []).append(word)
    pieces = [found for text in texts for found in re.findall("[\u4e00-\u9fff]{2,6}", text)]
    latin = [found for text in texts for found in re.findall("[a-z]+", text)]
    numbers = [found for text in texts for found in re.findall("[0-9]+", text)]
    characters = "".join(pieces)
    pools: dict[str, Sequence[str]] = {
        "one character": characters,
        "two characters": [_often(by_length[2], chance) for _ in range(2_000)],
        "three characters": [_often(by_length[3], chance) for _ in range(2_000)],
        "four or more": [_often(by_length[4], chance) for _ in range(2_000)],
        "cut from a text": pieces,
        "Latin": latin,
        "a number": numbers,
    }
    pools["two words"] = [" ".join(chance.sample(pools["two characters"], 2)) for _ in range(500)]
    return [
        Question(kind=kind, words=tuple(text.split()))
        for kind, many in KINDS.items()
        for text in islice(_distinct(pools[kind], chance), many)
    ]


def _often(words: Sequence[str], chance: random.Random) -> str:
    """A word, the commoner the likelier: the list has the commonest first."""
    return words[min(int(chance.paretovariate(0.7) * 5), len(words) - 1)]


def _distinct(pool: Sequence[str], chance: random.Random) -> Iterator[str]:
    seen = set[str]()
    while True:
        text = chance.choice(pool)
        if text not in seen:
            seen.add(text)
            yield text


class Truth:
    """What every question has to find, found by looking at every text."""

    def __init__(self, asked: Sequence[Question]) -> None:
        self._questions = asked

    def add(self, article_id: int, folded: str) -> None:
        """Look at one text."""
        words = set(_ANY_WORD.findall(folded))
        for question in self._questions:
            if all(word in words if word.isascii() else word in folded for word in question.words):
                question.ids.append(article_id)


def text_of(article: Article) -> str:
    return f"{article.title}\n{article.body}"
