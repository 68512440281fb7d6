"""What goes into XML comes out of it, whatever it is."""

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.markup import Markup

TEXTS = st.text(st.characters(codec=None) | st.sampled_from("&<>\"'\r\n\t\x00\x1f\ud800\ufffe\uffff]"))


def is_character(letter: str) -> bool:
    """As XML 1.0 has it."""
    return (
        letter in "\t\n\r" or "\x20" <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter >= "\U00010000"
    )


@given(TEXTS, TEXTS)
def test_a_reader_finds_the_texts_that_were_written(text: str, value: str) -> None:
    file = BytesIO()
    with Markup(file) as markup, markup.element("all"):
        markup.line("line", text, {"value": value})
        with markup.element("around"):
            markup.text(text)
    line, around = etree.fromstring(file.getvalue())
    kept = "".join(filter(is_character, text))
    assert (line.text or "", around.text or "") == (kept, kept)
    assert line.get("value") == "".join(filter(is_character, value))
