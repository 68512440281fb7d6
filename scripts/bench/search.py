"""Search in made articles: whether everything is found and nothing else, how long it takes, beside other indexes.

The articles are made of the words of newspapers (``corpus.py``); what has to be found is known from looking at every
text (``questions.py``). All indexes hold the same texts and answer the same queries in one process; only the ratios
hold for other machines.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from corpus import NEWEST, Corpus
from questions import KINDS, Question, Truth, questions, text_of
from rivals import RIVALS, Index, Text, built

from archive.errors import QueryError
from archive.models import Article, Capture, Observation
from archive.search import Asked, asked, search
from archive.search.folding import load_folding
from archive.search.hits import hits_of
from archive.search.index import INDEX
from archive.search.query import shown_terms
from archive.search.snippets import Highlighter
from archive.search.writing import add_words, by_hand, words
from archive.store import Archive

BATCH = 100
"""Articles recorded in one transaction; a crawl writes as many at once."""
SHOWN = 20
"""Hits on a page."""
WORDS = "all words"
"""Every kind of query but single characters, which are measured apart."""
LONGEST = 60
"""Seconds for one pass over the queries; of an index that takes longer, fewer are asked."""
PASTED = (
    "人 的 一 是 了 不 在 有",
    "的 OR 了 OR 是 OR 在",
    "-的 -了 -是",
    "的 OR (苏州 不 在) OR -是",
    '"人 不"~50',
    " OR ".join(f"{year}年" for year in range(2015, 2023)),
    " OR ".join([word for word in Corpus().words if len(word) == 2][:60]),
    "title:人 title:的 section:人",
    "中国" * 500,
    "(" * 19 + "中国" + ")" * 19,
    " ".join(f"word{number}" for number in range(60)),
    "题" * 1_000_000,
)
"""What somebody may paste into the box."""


class Ours:
    """The archive's search, a step at a time."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self._db = archive, archive.db

    def all(self, words: Sequence[str]) -> list[int]:
        found_by = self._asked(words)
        return [found.article_id for found in found_by.ordered(self._db, "newest", 0)]

    def newest(self, words: Sequence[str]) -> list[int]:
        found = self._asked(words).ordered(self._db, "newest", 0)
        return [one.article_id for one in islice(found, SHOWN)]

    def best(self, words: Sequence[str]) -> list[int]:
        found_by = self._asked(words)
        found = found_by.ordered(self._db, "relevance", found_by.total(self._db))
        return [one.article_id for one in islice(found, SHOWN)]

    def count(self, words: Sequence[str]) -> int:
        return self._asked(words).total(self._db)

    def facets(self, words: Sequence[str]) -> object:
        return self._asked(words).facets(self._db)

    def shown(self, words: Sequence[str]) -> Callable[[], object]:
        """What makes the snippets of the first hits, which are known."""
        found_by = self._asked(words)
        found = list(islice(found_by.ordered(self._db, "newest", 0), SHOWN))
        highlighter = Highlighter(shown_terms(found_by.node), load_folding(self._db))
        return lambda: hits_of(self._db, found, highlighter, all_sections=False)

    def page(self, words: Sequence[str]) -> object:
        """All of it, as a reader asks for it."""
        return search(self.archive, " ".join(words))

    def _asked(self, words: Sequence[str]) -> Asked:
        return asked(self._db, " ".join(words))


@click.command()
@click.option("--articles", type=click.IntRange(min=1_000), default=20_000, show_default=True)
@click.option("--rivals", default=",".join(RIVALS), show_default=True, help="Which to measure beside, or none.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Keep the archive here.")
def main(articles: int, rivals: str, folder: Path | None) -> None:
    """Print what is found, in how many milliseconds, and the ratios to other indexes."""
    names = [name for name in rivals.split(",") if name in RIVALS]
    with TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        wanted = questions()
        path = place / "archive.db"
        path.unlink(missing_ok=True)
        rate = fill(path, articles, wanted)
        with Archive.open(path, read_only=True) as archive:
            size = text_size(archive)
            each, file = size / articles, path.stat().st_size / articles
            print(f"\n{articles:,} articles of {each:,.0f} bytes of text; {rate:,.0f} recorded a second")
            print(f"index {index_size(archive) / size:.2f} times the text; file {file:,.0f} bytes an article")
            ours = Ours(archive)
            found = report(ours, wanted)
            guesses(ours, wanted)
            pasted(ours)
            for name in names:
                compare(name, archive, place, wanted, found, size)
        with Archive.open(path) as archive:
            print(f"\nindex made anew: {articles / (timed(lambda: anew(archive)) / 1_000):,.0f} articles a second")


def fill(path: Path, articles: int, wanted: Sequence[Question]) -> float:
    """Record made articles, and see what has to be found; articles a second, the recording alone."""
    truth, made = Truth(wanted), Corpus().articles(articles)
    spent = 0.0
    with Archive.open(path) as archive:
        fold = load_folding(archive.db).fold
        while batch := list(islice(made, BATCH)):
            observations = [
                Observation(
                    capture=Capture(url=page.url, final_url=page.url, fetched_at=page.published_at, status=200),
                    page=page,
                )
                for page in batch
                if page.published_at
            ]
            start = time.perf_counter()
            recorded = archive.record(observations)
            spent += time.perf_counter() - start
            for one, page in zip(recorded, batch, strict=True):
                truth.add(one.article_id or 0, fold(text_of(page)))
    return articles / spent


def observation(page: Article) -> Observation:
    """A look at the moment of publication, without bytes."""
    moment = page.published_at or NEWEST
    return Observation(capture=Capture(url=page.url, final_url=page.url, fetched_at=moment, status=200), page=page)


def text_size(archive: Archive) -> int:
    statement = "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(body AS BLOB))) FROM articles"
    (size,) = archive.db.execute(statement).fetchone()
    return int(size)


def index_size(archive: Archive) -> int:
    (size,) = archive.db.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'articles_fts%'").fetchone()
    return int(size)


def texts(archive: Archive) -> Iterator[Text]:
    fold = load_folding(archive.db).fold
    rows = archive.db.execute("SELECT id, title, body FROM articles ORDER BY id")
    return ((number, fold(title), fold(body)) for number, title, body in rows)


def quality(index: Index | Ours, wanted: Sequence[Question]) -> tuple[float, float]:
    """Recall and precision over all hits of all queries."""
    right = found = there = 0
    for question in wanted:
        ids, truth = set(index.all(question.words)), set(question.ids)
        right, found, there = right + len(ids & truth), found + len(ids), there + len(truth)
    return right / (there or 1), right / (found or 1)


def times(step: Callable[[Sequence[str]], object], wanted: Sequence[Question]) -> list[float]:
    """Milliseconds of each query, the second time that it is asked."""
    for question in wanted:
        step(question.words)
    return [timed(lambda words=question.words: step(words)) for question in wanted]


def timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1_000


def p95(found: Sequence[float]) -> float:
    return statistics.quantiles(found, n=20)[-1] if len(found) > 1 else found[0]


def report(ours: Ours, wanted: Sequence[Question]) -> dict[str, float]:
    """Print ours by kind of query; returns the p95 of each step over all but single characters."""
    steps = {"newest": ours.newest, "best": ours.best, "count": ours.count, "facets": ours.facets, "page": ours.page}
    print("\n                 recall precision     p95 ms: " + "".join(f"{name:>9}" for name in (*steps, "snippets")))
    overall: dict[str, float] = {}
    for kind in (*KINDS, WORDS):
        asked_for = [one for one in wanted if kind == one.kind or (kind == WORDS and one.kind != "one character")]
        overall = {name: p95(times(step, asked_for)) for name, step in steps.items()}
        ready = [ours.shown(question.words) for question in asked_for]
        overall["snippets"] = p95([timed(show) for show in ready])
        recall, precision = quality(ours, asked_for)
        print(f"{kind:17}{recall:7.4f}{precision:10.4f}{'':14}" + "".join(f"{ms:9.1f}" for ms in overall.values()))
    return overall


def anew(archive: Archive) -> None:
    """Write the words of all articles into an empty index."""
    last = 0
    with archive.writing() as db:
        db.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('delete-all')")
    statement = "SELECT id, title, body FROM articles WHERE id > ? ORDER BY id LIMIT ?"
    while rows := archive.db.execute(statement, [last, BATCH]).fetchall():
        with archive.writing() as db, by_hand(db):
            for row in rows:
                add_words(db, INDEX, row[0], words(db, row[1]), words(db, row[2]))
        last = rows[-1][0]


def pasted(ours: Ours) -> None:
    """Print how long what nobody should ask takes."""

    def ask(text: str) -> None:
        with suppress(QueryError):
            search(ours.archive, text)

    slowest = max(timed(partial(ask, text)) for text in PASTED)
    print(f"pasted text: an answer within {slowest / 1_000:.1f} s")


def guesses(ours: Ours, wanted: Sequence[Question]) -> None:
    """Print how good the total of a common character is, which is not counted."""
    wrong = [
        abs(results.total - len(question.ids)) / len(question.ids)
        for question in wanted
        if (results := search(ours.archive, question.typed)).counted == "about"
    ]
    if wrong:
        print(f"{len(wrong)} common characters: total off by {max(wrong):.1%} at most")


def compare(
    name: str, archive: Archive, place: Path, wanted: Sequence[Question], ours: dict[str, float], size: int
) -> None:
    """Print a rival beside ours; a ratio above 1 says how many times as long it takes."""
    index = built(name, place)
    building = timed(lambda: index.build(texts(archive))) / 1_000
    one = max(timed(lambda question=question: index.count(question.words)) for question in wanted[::60]) / 1_000
    asked_for = wanted[:: max(1, round(one * len(wanted) / LONGEST))]
    recall, precision = quality(index, asked_for)
    found = {step: p95(times(getattr(index, step), asked_for)) for step in ("newest", "best", "count")}
    ratios = "  ".join(f"{step} {ms:.1f} ms ({ms / ours[step]:.1f}x)" for step, ms in found.items())
    print(f"\n{name}: built in {building:.0f} s, {index.size() / size:.2f} times the text; {len(asked_for)} queries:")
    print(f"    recall {recall:.4f}, precision {precision:.4f}; p95 {ratios}")


if __name__ == "__main__":
    main()
