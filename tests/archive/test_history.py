import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.history import diff, history
from archive.models import Article, Section
from archive.store import Archive, Revision
from archive.words import word_diff
from tests.conftest import MORNING, article, observation

FIRST = "运河边的书店今天开门，来的人很多，大家都说好。"
SECOND = "店里有三千本书，还有一张长桌子，二十把椅子。"
THIRD = "书店的主人姓沈，早先在邮局做事，攒了二十年的书。"


def saying(*paragraphs: str, **values: object) -> Article:
    return article(sections=(Section(paragraphs=paragraphs),), **values)


def kinds(archive: Archive, *readings: Article) -> list[tuple[str, ...]]:
    archive.record(observation(reading, minutes=minute) for minute, reading in enumerate(readings))
    (row,) = archive.db.table("articles").rows
    return [edit.kinds for edit in history(archive.revisions(row["id"]))]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (saying(FIRST), saying(FIRST, title="书店开了"), ("headline",)),
        (saying(FIRST), saying(FIRST, source="城市晚报"), ("source changed",)),
        (saying(FIRST), saying(FIRST, category="文化"), ("category changed",)),
        (saying(FIRST), saying(FIRST, authors=("林知远",)), ("authors changed",)),
        (saying(FIRST, SECOND), saying(FIRST, SECOND, THIRD), ("text added",)),
        (saying(FIRST, SECOND, THIRD), saying(FIRST, THIRD), ("text removed",)),
        (saying(FIRST, SECOND), saying(FIRST, SECOND.replace("三千", "五千")), ("correction",)),
        (saying(FIRST, SECOND), saying(FIRST, SECOND + "另有茶座。"), ("text added",)),
        (saying(FIRST, SECOND), saying(THIRD), ("rewritten",)),
        (saying(FIRST, SECOND), saying(FIRST, SECOND, title="书店开了", source="晚报"), ("headline", "source changed")),
    ],
)
def test_an_edit_has_its_kinds(archive: Archive, before: Article, after: Article, expected: tuple[str, ...]) -> None:
    assert kinds(archive, before, after) == [expected]


def test_a_content_that_stood_there_before_is_back_again(archive: Archive) -> None:
    found = kinds(archive, saying(FIRST, SECOND), saying(FIRST), saying(FIRST, SECOND))
    assert found == [("text removed",), ("text added", "back again")]


def test_an_edit_says_how_much_and_in_which_section(archive: Archive) -> None:
    parts = (Section(paragraphs=(FIRST,)), Section(heading="书架", level=2, paragraphs=(SECOND,)))
    edited = (parts[0], Section(heading="书架", level=2, paragraphs=(SECOND.replace("三千本", "五千册"),)))
    archive.record([observation(article(sections=parts)), observation(article(sections=edited), minutes=1)])
    (row,) = archive.db.table("articles").rows
    (edit,) = history(archive.revisions(row["id"]))
    assert (edit.added, edit.removed) == (3, 3)
    assert [block.section for block in edit.blocks if block.change != "same"] == ["书架"]


@pytest.mark.parametrize(
    ("before", "after", "spans"),
    [
        ("店里有三千本书。", "店里有五千册书。", ["=店里有", "-三千本", "+五千册", "=书。"]),
        ("共12,500人到场", "共13,800人到场", ["=共", "-12,500", "+13,800", "=人到场"]),
        ("The bridge is old.", "The bridge was old.", ["=The bridge ", "-is", "+was", "= old."]),
        ("", "新的一句。", ["+新的一句。"]),
        ("没有变。", "没有变。", ["=没有变。"]),
    ],
)
def test_words_and_runs_of_characters_are_compared(before: str, after: str, spans: Sequence[str]) -> None:
    assert [span.operation + span.text for span in word_diff(before, after)] == spans


@given(st.text("的一是运河书店，。 abc12\n", max_size=60), st.text("的一是运河书店，。 abc12\n", max_size=60))
def test_the_spans_make_both_texts_again(before: str, after: str) -> None:
    spans = word_diff(before, after)
    assert "".join(span.text for span in spans if span.operation != "+") == before
    assert "".join(span.text for span in spans if span.operation != "-") == after


def test_a_very_long_text_is_compared_by_sentences() -> None:
    before = "".join(f"第{number}句说的是桥。" for number in range(2_000))
    spans = word_diff(before, before.replace("第7句说的是桥。", "第7句说的是河。"))
    assert [span.text for span in spans if span.operation != "="] == ["第7句说的是桥。", "第7句说的是河。"]


TOO_MUCH = {
    "every paragraph rewritten": ([f"{number}{FIRST}" * 4 for number in range(1_500)], [SECOND * 4] * 1_500),
    "one short paragraph again and again": (["一"] * 20_000, ["二", *["一"] * 19_000]),
    "one endless paragraph": ([FIRST * 20_000], [SECOND * 20_000]),
    "the same few words": (["a b " * 30_000], ["b a a " * 30_000]),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_no_text_is_too_long_to_be_compared_in_a_few_seconds(name: str) -> None:
    before, after = (
        Revision(
            id=number,
            observed_at=MORNING,
            fingerprint=str(number),
            changed_fields=(),
            reading={"sections": [{"heading": None, "paragraphs": paragraphs}]},
        )
        for number, paragraphs in enumerate(TOO_MUCH[name])
    )
    began = time.monotonic()
    found = diff(before, after)
    assert time.monotonic() - began < 10
    for operation, paragraphs in zip("-+", TOO_MUCH[name], strict=True):
        words = "".join(
            span.text for block in found.blocks for span in block.words if span.operation in ("=", operation)
        )
        assert words == "".join(paragraphs)
