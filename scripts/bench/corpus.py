"""Articles to search in, made at random: the words of Chinese newspapers as often as those print them.

How often a word is printed is read from jieba's dictionary, which counted it. A tenth of the words belong to a subject,
so that words meet as they do in the news; every thirtieth is Latin or a number.
"""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib import resources
from itertools import accumulate, product

from archive.models import Article, Section

LATIN_WORDS = 8_000
SUBJECTS = 3_000
SUBJECT_WORDS = 40
YEARS = 10
NEWEST = datetime(2026, 6, 1, tzinfo=UTC)
SYLLABLES = tuple(map("".join, product("bdfgklmnprstvz", "aeiou")))
PAUSES = "，，，，、；：“”"
ENDS = "。。。。！？"
TITLE = 9
"""Words in a headline, about 18 characters."""
TEXT = 480
"""Words in a text, about 870 characters, 2.6 kB; half of the texts are shorter."""


class Corpus:
    """Always the same articles for the same number, the newest last."""

    def __init__(self, seed: int = 5) -> None:
        self._chance = random.Random(seed)
        self.words, counts = _newspaper_words()
        self._until = list(accumulate(counts))
        latin = ("".join(self._chance.choices(SYLLABLES, k=self._chance.randrange(1, 5))) for _ in range(LATIN_WORDS))
        self._latin = [*dict.fromkeys(latin)]
        self._latin_until = list(accumulate(1 / (rank + 3) for rank in range(len(self._latin))))
        self._subjects = [self._subject() for _ in range(SUBJECTS)]

    @cached_property
    def sites(self) -> list[str]:
        return [f"news{number}.example" for number in range(40)]

    def _subject(self) -> list[str]:
        """Words that make the news: not the commonest, and of two characters or more."""
        drawn = (self.words[int(self._chance.paretovariate(0.6) * 150) % len(self.words)] for _ in range(10_000))
        found: dict[str, None] = {}
        for word in drawn:
            if len(word) > 1:
                found[word] = None
            if len(found) == SUBJECT_WORDS:
                break
        return list(found)

    def _drawn(self, many: int, subject: Sequence[str]) -> list[str]:
        chance, last = self._chance.random, self._until[-1]
        words = [self.words[bisect(self._until, chance() * last)] for _ in range(many)]
        for place in range(many):
            kind = chance()
            if kind < 0.10:
                words[place] = subject[int(chance() ** 2 * len(subject))]
            elif kind < 0.12:
                words[place] = self._latin[bisect(self._latin_until, chance() * self._latin_until[-1])]
            elif kind < 0.13:
                words[place] = str(int(10 ** (chance() * 5)))
        return words

    def _text(self, words: Sequence[str]) -> str:
        """The words with punctuation; those without spaces side by side, others with spaces around."""
        chance, printed = self._chance.random, []
        for word in words:
            printed.append(f" {word} " if word.isascii() else word)
            pause = chance()
            if pause < 0.10:
                printed.append(PAUSES[int(chance() * len(PAUSES))])
            elif pause < 0.15:
                printed.append(ENDS[int(chance() * len(ENDS))])
        return "".join(printed)

    def article(self, number: int, of: int) -> Article:
        chance = self._chance
        subject = self._subjects[int(chance.random() ** 2 * SUBJECTS)]
        published = NEWEST - timedelta(days=365 * YEARS * (1 - number / of), minutes=chance.randrange(1440))
        paragraphs = [
            self._text(self._drawn(int(size), subject))
            for size in _divided(int(chance.lognormvariate(0, 0.5) / 1.13 * TEXT), chance.randrange(3, 9))
        ]
        middle = len(paragraphs) // 2
        heading = self._text(self._drawn(5, subject)) if chance.random() < 0.4 else None
        site = self.sites[int(chance.random() ** 2 * len(self.sites))]
        return Article(
            url=f"https://{site}/a/{number}",
            title=self._text(self._drawn(TITLE, subject)).strip(),
            published_at=published,
            published_precision="minute",
            published_raw=published.strftime("%Y-%m-%d %H:%M"),
            category=f"栏目{int(chance.random() ** 2 * 25)}",
            source=f"来源{int(chance.random() ** 3 * 500)}",
            authors=(f"记者{int(chance.random() ** 2 * 2000)}",),
            views=int(chance.lognormvariate(6, 2)),
            sections=(
                Section(paragraphs=tuple(paragraphs[:middle])),
                Section(heading=heading, level=2 if heading else 0, paragraphs=tuple(paragraphs[middle:])),
            ),
        )

    def articles(self, count: int) -> Iterator[Article]:
        return (self.article(number, count) for number in range(count))


def _divided(size: int, parts: int) -> list[int]:
    return [max(8, size // parts)] * parts


def _newspaper_words() -> tuple[list[str], list[int]]:
    """The words of jieba's dictionary, the commonest first, with how often each was counted."""
    text = resources.files("jieba").joinpath("dict.txt").read_text("utf-8")
    rows = [line.split(" ") for line in text.splitlines()]
    counted = sorted(((int(row[1]), row[0]) for row in rows if not row[0].isascii()), reverse=True)
    return [word for _, word in counted], [count for count, _ in counted]
