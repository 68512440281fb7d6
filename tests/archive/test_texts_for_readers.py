"""Whatever a page printed, a reader of Markdown, YAML or XML gets it as text, and a file system a name."""

import re
from io import BytesIO

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from archive import commonmark
from archive.file_names import file_name
from archive.front_matter import front_matter
from archive.markup import Markup
from archive.printed import one_line
from tests.hostile import LINES, TITLES

MARKS = "#*_-+=:>|%`~$^<&;[](){}\\!1.0)a \t/wx\"'\n\r\u3000é"
texts = st.text() | st.text(alphabet=MARKS) | st.sampled_from(TITLES + LINES)
lines = texts.map(one_line).filter(str.strip)
markdown = MarkdownIt("js-default", {"html": True})
few = settings(max_examples=300, derandomize=True, deadline=None)


@few
@given(lines)
def test_a_line_is_one_paragraph_of_nothing_but_text(line: str) -> None:
    opened, inline, closed = markdown.parse(commonmark.paragraph(line))
    assert (opened.type, closed.type) == ("paragraph_open", "paragraph_close")
    assert {child.type for child in inline.children or ()} == {"text"}
    assert "".join(child.content for child in inline.children or ()) == line


@few
@given(lines.map(str.strip), st.integers(1, 6))
def test_a_heading_is_one_heading_of_nothing_but_text(line: str, level: int) -> None:
    opened, inline, _ = markdown.parse(commonmark.heading(level, line))
    assert (opened.type, opened.tag) == ("heading_open", f"h{level}")
    assert [(child.type, child.content) for child in inline.children or ()] == [("text", line)]


@few
@given(lines, st.lists(lines, min_size=1))
def test_facts_are_read_by_a_reader_of_yaml_as_they_are(line: str, names: list[str]) -> None:
    start, facts, end = re.split(r"^---$", front_matter({"title": line, "authors": tuple(names)}), flags=re.MULTILINE)
    assert (start, end, yaml.safe_load(facts)) == ("", "\n", {"title": line, "authors": names})


@few
@given(texts, st.integers(1, 2**62))
def test_every_system_takes_the_name_of_a_file(title: str, number: int) -> None:
    name = file_name(number, title, ".md")
    assert re.fullmatch(rf"{number}(-[^\W_](?:[\w-]|[^\x00-\x7f])*)?\.md", name), name
    assert not re.search(r"[\x00-\x1f\x7f-\x9f<>:\"/\\|?*\u2028-\u202e\u2066-\u2069\ufeff\s]", name)
    assert len(name.encode()) <= 143


@few
@given(texts, texts)
def test_xml_is_well_formed_and_says_the_same(text: str, value: str) -> None:
    file = BytesIO()
    with Markup(file) as x, x.element("p", {"n": value, "none": None}):
        x.text(text)
    read = etree.fromstring(file.getvalue())
    assert (read.text or "", read.get("n"), read.keys()) == (allowed(text), allowed(value), ["n"])


def allowed(text: str) -> str:
    """The characters that XML can have."""
    return "".join(mark for mark in text if mark in "\t\n\r" or " " <= mark <= "\ufffd" or mark > "\uffff")


def test_what_breaks_off_is_not_made_to_look_whole() -> None:
    file = BytesIO()
    with pytest.raises(ZeroDivisionError), Markup(file) as x, x.element("p"):
        x.text(str(1 / 0))
    assert b"p>" not in file.getvalue()
