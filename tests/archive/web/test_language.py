"""The words of the reading room: one catalogue, Chinese beside English."""

import re
from pathlib import Path
from string import Formatter

import pytest

from archive.web.language import CATALOGUE, preferred
from tests.archive.web.conftest import Room
from tests.conftest import REPOSITORY

WEB = REPOSITORY / "archive" / "web"
SOURCES = [path for path in WEB.rglob("*") if path.suffix in (".py", ".html")]
KEYS = {f"{page}.{name}": words for page, names in CATALOGUE.items() for name, words in names.items()}
_USED = re.compile(r"""["']([a-z]+\.[\w-]*)["'](\s*[+~])?""")


def used() -> tuple[set[str], tuple[str, ...]]:
    """The keys that pages name, and what those begin with that they put together."""
    found = [match for path in SOURCES for match in _USED.finditer(path.read_text("utf-8"))]
    is_file = re.compile(r"\.(html|css|js)$").search
    of_pages = [match for match in found if match[1].partition(".")[0] in CATALOGUE and not is_file(match[1])]
    begun = {match[1] for match in of_pages if match[2] or match[1].endswith(".")}
    # What the room says of errors is looked up by their names, and reasons by what they say.
    return {match[1] for match in of_pages} - begun, (*begun, "sorry.", "reason.")


def fields(words: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(words)} - {None}


def test_every_key_that_a_page_names_has_words() -> None:
    named, begun = used()
    assert named - set(KEYS) == set()
    assert [start for start in begun if not any(key.startswith(start) for key in KEYS)] == []


def test_no_words_stand_there_unused() -> None:
    named, begun = used()
    assert [key for key in KEYS if key not in named and not key.startswith(begun)] == []


@pytest.mark.parametrize(("key", "words"), KEYS.items(), ids=KEYS)
def test_words_say_the_same_in_both_languages(key: str, words: dict[str, str]) -> None:
    assert {"en", "zh"} <= set(words) <= {"en", "zh", "one"}
    assert fields(words["zh"]) <= fields(words["en"])
    assert fields(words.get("one", "")) <= fields(words["en"])


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("de, en;q=0.4, zh;q=0.3", "en"),
        ("zh;q=0, en;q=0.1", "en"),
        ("*", "en"),
        ("zh-Hant-TW", "zh"),
        ("en;q=x, zh", "zh"),
        ("," * 100_000, "en"),
    ],
)
def test_the_language_is_the_one_that_the_browser_prefers(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


def test_a_chosen_language_stays(room: Room, original: Path) -> None:
    get = room(original)
    assert 'lang="zh-CN"' in get("/", **{"accept-language": "zh"}).text
    chosen = get("/?lang=zh")
    assert ('lang="zh-CN"' in chosen.text, chosen.headers["content-language"]) == (True, "zh-CN")
    cookie = chosen.headers["set-cookie"].partition(";")[0]
    assert 'lang="zh-CN"' in get("/", cookie=cookie).text
    assert 'lang="en"' in get("/?lang=fr").text


def test_the_switch_leads_to_the_same_page(room: Room, original: Path) -> None:
    page = room(original)("/?q=%E5%9B%BE%E4%B9%A6&sort=oldest&lang=en").text
    assert 'href="/?q=%E5%9B%BE%E4%B9%A6&amp;sort=oldest&amp;lang=zh"' in page
