import json
import re
from pathlib import Path
from typing import Any

import pytest

from archive.models import Link
from archive.store import Archive
from tests.archive.web.conftest import Get, Room
from tests.conftest import article, observation

TIES = {"a": "bcx", "b": "a", "c": "d", "d": "", "e": "a", "f": ""}


def url(name: str) -> str:
    return "javascript:alert(1)" if name == "x" else f"https://news.example/a/{name}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "archive.db"
    with Archive.open(found) as archive:
        for minutes, (name, others) in enumerate(TIES.items()):
            links = tuple(
                Link(position=n, url=url(one), title=f"标题{one}</script>") for n, one in enumerate(others, 1)
            )
            page = article(url=url(name), title=f"标题{name}", related=links)
            archive.record([observation(page, minutes=minutes, url=url(name), final_url=url(name))])
    return found


@pytest.fixture
def ids(path: Path) -> dict[str, int]:
    with Archive.open(path, read_only=True) as archive:
        return {name: archive.article(url(name)).id for name in TIES}


@pytest.fixture
def get(path: Path, room: Room) -> Get:
    return room(path)


def chart(text: str) -> Any:
    found = re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1]) if found else None


def drawn(text: str) -> tuple[dict[str, int], set[str]]:
    """The group of each article, and the arrows."""
    facts = chart(text)
    names = {node["id"]: node["name"].removesuffix("</script>")[-1] for node in facts["nodes"]}
    return (
        {names[node["id"]]: node["group"] for node in facts["nodes"]},
        {f"{names[source]}{names[target]}" for source, target in facts["links"]},
    )


def test_the_one_asked_for_its_neighbours_and_what_was_never_fetched_are_told_apart(
    get: Get, ids: dict[str, int]
) -> None:
    assert drawn(get(f"/graph/{ids['a']}").text) == (
        {"a": 0, "b": 1, "c": 1, "e": 1, "x": 2},
        {"ab", "ba", "ac", "ax", "ea"},
    )


def test_two_steps_reach_the_neighbours_of_neighbours(get: Get, ids: dict[str, int]) -> None:
    groups, arrows = drawn(get(f"/graph/{ids['a']}?depth=2").text)
    assert ("d" in groups, "cd" in arrows) == (True, True)


def test_the_table_has_the_same_articles_with_links(get: Get, ids: dict[str, int]) -> None:
    text = get(f"/graph/{ids['a']}").text
    table = text[text.index("<table>") :]
    assert [name for name in TIES if f'href="/article/{ids[name]}"' in table] == ["a", "b", "c", "e"]
    assert "recommends each other" in table
    assert ('href="javascript' in text, "标题x</script>" in text) == (False, False)


def test_a_click_leads_to_the_article_or_to_its_row(get: Get, ids: dict[str, int]) -> None:
    text = get(f"/graph/{ids['a']}").text
    to = {node["name"][2]: node["to"] for node in chart(text)["nodes"]}
    assert to["b"] == f"/article/{ids['b']}"
    assert f'id="{to["x"].removeprefix("#")}"' in text


def test_the_most_tied_of_the_whole_archive_are_drawn_and_the_others_counted(get: Get) -> None:
    text = get("/graph?most=3").text
    assert len(chart(text)["nodes"]) == 3
    assert "(3 more left out)" in text


def test_an_article_without_ties_has_a_table_and_no_picture(get: Get, ids: dict[str, int]) -> None:
    answer = get(f"/graph/{ids['f']}")
    assert (answer.status_code, "data-chart" in answer.text, "标题f" in answer.text) == (200, False, True)


@pytest.mark.parametrize(
    ("path_asked", "status"),
    [("/graph/1", 404), ("/graph?most=501", 400), ("/graph?depth=3", 400), ("/graph?most=x", 400), ("/graph/x", 404)],
)
def test_what_cannot_be_drawn_is_told_in_a_sentence(get: Get, path_asked: str, status: int) -> None:
    assert get(path_asked).status_code == status
