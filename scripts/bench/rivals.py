"""Other ways to index Chinese, with the same texts and the same queries as ours."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

import jieba
import tantivy

Text = tuple[int, str, str]
"""The article's id, its title and its text, folded."""
RUN = re.compile("[\u3400-\u9fff]+")


class Index(Protocol):
    """One way to index."""

    def build(self, texts: Iterable[Text]) -> None: ...
    def size(self) -> int: ...
    def all(self, words: Sequence[str]) -> list[int]: ...
    def newest(self, words: Sequence[str]) -> list[int]: ...
    def best(self, words: Sequence[str]) -> list[int]: ...
    def count(self, words: Sequence[str]) -> int: ...


class Fts5:
    """Stock FTS5 with some tokenizer, over words that are made beforehand."""

    def __init__(self, folder: Path, tokenize: str, words: Callable[[str], str], phrase: Callable[[str], str]) -> None:
        self._db = sqlite3.connect(folder / "rival.db")
        self._db.execute(f"CREATE VIRTUAL TABLE texts USING fts5(title, body, content='', tokenize='{tokenize}')")
        self._words, self._phrase = words, phrase

    def build(self, texts: Iterable[Text]) -> None:
        rows = ((number, self._words(title), self._words(body)) for number, title, body in texts)
        with self._db:
            self._db.executemany("INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", rows)

    def size(self) -> int:
        (size,) = self._db.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'texts%'").fetchone()
        return int(size)

    def _ids(self, words: Sequence[str], rest: str) -> list[int]:
        match = " AND ".join(f'"{self._phrase(word)}"' for word in words)
        statement = f"SELECT rowid FROM texts WHERE texts MATCH ? {rest}"
        return [number for (number,) in self._db.execute(statement, [match])]

    def all(self, words: Sequence[str]) -> list[int]:
        return self._ids(words, "")

    def newest(self, words: Sequence[str]) -> list[int]:
        return self._ids(words, "ORDER BY rowid DESC LIMIT 20")

    def best(self, words: Sequence[str]) -> list[int]:
        return self._ids(words, "ORDER BY bm25(texts, 5.0, 1.0) LIMIT 20")

    def count(self, words: Sequence[str]) -> int:
        match = " AND ".join(f'"{self._phrase(word)}"' for word in words)
        (count,) = self._db.execute("SELECT count(*) FROM texts WHERE texts MATCH ?", [match]).fetchone()
        return int(count)


def trigram(folder: Path) -> Fts5:
    """FTS5's own tokenizer for substrings of three characters and more."""
    return Fts5(folder, "trigram", str, str)


def segmented(folder: Path) -> Fts5:
    """Words as jieba finds them, for texts as for queries."""
    return Fts5(
        folder, "unicode61", lambda text: " ".join(jieba.cut_for_search(text)), lambda word: " ".join(jieba.cut(word))
    )


class Like:
    """No index: LIKE looks at every text."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "rival.db")
        self._db.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, title TEXT, body TEXT)")

    def build(self, texts: Iterable[Text]) -> None:
        with self._db:
            self._db.executemany("INSERT INTO texts VALUES (?, ?, ?)", texts)

    def size(self) -> int:
        return 0

    def _select(self, columns: str, words: Sequence[str], rest: str = "") -> list[int]:
        where = " AND ".join("(title LIKE ? OR body LIKE ?)" for _ in words)
        values = [f"%{word}%" for word in words for _ in range(2)]
        return [number for (number,) in self._db.execute(f"SELECT {columns} FROM texts WHERE {where} {rest}", values)]

    def all(self, words: Sequence[str]) -> list[int]:
        return self._select("id", words)

    def newest(self, words: Sequence[str]) -> list[int]:
        return self._select("id", words, "ORDER BY id DESC LIMIT 20")

    def best(self, words: Sequence[str]) -> list[int]:
        return self.newest(words)  # LIKE knows no relevance

    def count(self, words: Sequence[str]) -> int:
        return self._select("count(*)", words)[0]


class Tantivy:
    """An index of its own in Rust, over the same pairs of characters as ours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tantivy"
        self._folder.mkdir()
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True, fast=True, indexed=True)
        for field in ("title", "body"):
            schema.add_text_field(field, tokenizer_name="whitespace")
        self._index = tantivy.Index(schema.build(), path=str(self._folder))

    def build(self, texts: Iterable[Text]) -> None:
        writer = self._index.writer(200_000_000, 1)
        for number, title, body in texts:
            writer.add_document(tantivy.Document(id=number, title=_pairs(title), body=_pairs(body)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir())

    def _query(self, words: Sequence[str]) -> tantivy.Query:
        each = [(tantivy.Occur.Must, self._either(word)) for word in words]
        return tantivy.Query.boolean_query(each)

    def _either(self, word: str) -> tantivy.Query:
        schema, boosts = self._index.schema, (("title", 5.0), ("body", 1.0))
        fields = [tantivy.Query.boost_query(_phrase(schema, field, word), boost) for field, boost in boosts]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in fields])

    def _ids(self, words: Sequence[str], limit: int, **order: str) -> list[int]:
        hits = self._searcher.search(self._query(words), limit=limit, count=False, **order).hits
        return [self._searcher.doc(address)["id"][0] for _, address in hits]

    def all(self, words: Sequence[str]) -> list[int]:
        return self._ids(words, max(1, self._searcher.num_docs))

    def newest(self, words: Sequence[str]) -> list[int]:
        return self._ids(words, 20, order_by_field="id")

    def best(self, words: Sequence[str]) -> list[int]:
        return self._ids(words, 20)

    def count(self, words: Sequence[str]) -> int:
        found = self._searcher.search(self._query(words), limit=1, count=True)
        return int(found.count or 0)


def _phrase(schema: tantivy.Schema, field: str, word: str) -> tantivy.Query:
    if len(word) == 1 and RUN.match(word):
        return tantivy.Query.regex_query(schema, field, f"{word}.?")
    pairs = _pairs(word).split()
    pairs = pairs[:-1] if RUN.match(word) else pairs
    if len(pairs) == 1:
        return tantivy.Query.term_query(schema, field, pairs[0])
    return tantivy.Query.phrase_query(schema, field, pairs)


def _pairs(text: str) -> str:
    """Every character of a run with the next one, the last one alone; all else in words."""
    pieces = re.findall("[\u3400-\u9fff]+|[a-z0-9]+", text)
    return " ".join(word for piece in pieces for word in _words(piece))


def _words(piece: str) -> list[str]:
    return [piece[place : place + 2] for place in range(len(piece))] if RUN.match(piece) else [piece]


RIVALS: dict[str, Callable[[Path], Index]] = {
    "trigram": trigram,
    "jieba": segmented,
    "like": Like,
    "tantivy": Tantivy,
}


def built(name: str, folder: Path) -> Index:
    """An empty index of this kind in a folder of its own."""
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return RIVALS[name](place)
