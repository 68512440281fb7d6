import pytest

from archive.search.characters import folds
from archive.search.folding import Folding
from archive.search.parsing import parse_query
from archive.search.query import shown_terms
from archive.search.snippets import Highlighter

FOLDING = Folding(folds())


def snippet(query: str, text: str) -> str:
    return Highlighter(shown_terms(parse_query(query, FOLDING)), FOLDING).snippet(text)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("苏州", "在蘇州，在苏州。", "在<mark>蘇州</mark>，在<mark>苏州</mark>。"),
        ("人才 才市", "人才市场", "<mark>人才市</mark>场"),
        ("人人", "人人人", "<mark>人人人</mark>"),
        ("ai", "ＡＩ main AI", "<mark>ＡＩ</mark> main <mark>AI</mark>"),
        ("3.5", "3.5 13.5", "<mark>3.5</mark> 13.5"),
        ("好", "<script>好 & 坏</script>", "&lt;script&gt;<mark>好</mark> &amp; 坏&lt;/script&gt;"),
        ("script", '<script a="1">', "&lt;<mark>script</mark> a=&quot;1&quot;&gt;"),
        ("mark", "<mark>", "&lt;<mark>mark</mark>&gt;"),
        ("好", "一\n\n二\t好", "一 二 <mark>好</mark>"),
        ("无", "没有", "没有"),
        ("无", "", ""),
    ],
)
def test_every_hit_is_marked_and_all_else_escaped(query: str, text: str, marked: str) -> None:
    assert snippet(query, text) == marked


def test_a_long_text_is_cut_around_the_hit() -> None:
    cut = snippet("人才", "甲" * 300 + "人才" + "乙" * 300)
    assert cut == "…" + "甲" * 20 + "<mark>人才</mark>" + "乙" * 46 + "…"


def test_a_snippet_begins_with_the_sentence_and_ends_at_a_pause() -> None:
    cut = snippet("人才", "甲" * 300 + "。苏州的人才" + "乙" * 60 + "，" + "丙" * 300)
    assert cut == "…苏州的<mark>人才</mark>" + "乙" * 60 + "，…"


def test_the_place_with_the_most_words_is_shown() -> None:
    cut = snippet("苏州 人才", "苏州" + "甲" * 300 + "苏州的人才" + "乙" * 300)
    assert "<mark>苏州</mark>的<mark>人才</mark>" in cut


def test_a_text_full_of_hits_is_marked_throughout() -> None:
    assert snippet("人", "人" * 50_000) == "<mark>" + "人" * 68 + "</mark>…"


def test_a_hit_longer_than_the_snippet_is_marked_to_its_end() -> None:
    assert snippet("人" * 200, "甲" + "人" * 300) == "甲<mark>" + "人" * 67 + "</mark>…"
