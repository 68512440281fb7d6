import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.models import FORBIDDEN_BY_ROBOTS, Capture, Observation
from archive.store import Archive
from tests.archive.web.conftest import Get, Room
from tests.conftest import article

LOOKS = (
    ("2025-12-30", "news.example", "done"),
    ("2025-12-30", "other.example", "failed"),
    ("2026-01-02", "news.example", "refused"),
    ("2026-01-05", "news.example", "done"),
)
REASONS = {"refused": FORBIDDEN_BY_ROBOTS, "failed": "the server answered 500"}


@pytest.fixture
def get(tmp_path: Path, room: Room) -> Get:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        for number, (day, site, outcome) in enumerate(LOOKS):
            url = f"https://{site}/{number}"
            came = outcome != "refused"
            capture = Capture(
                url=url,
                final_url=url,
                fetched_at=datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC),
                status=200 if came else None,
                body=f"{number}".encode() if came else None,
                outcome=outcome,  # type: ignore[arg-type]  # one of them
                reason=REASONS.get(outcome),
            )
            archive.record([Observation(capture=capture, page=article(url=url) if outcome == "done" else None)])
    return room(path)


def test_the_calendar_has_every_day_with_a_look_in_its_year(get: Get) -> None:
    text = get("/coverage").text
    drawn = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', text)[0])
    assert (drawn["years"], drawn["days"]) == (
        ["2026", "2025"],
        [["2025-12-30", 2, 1, 1], ["2026-01-02", 1, 0, 0], ["2026-01-05", 1, 1, 0]],
    )


@pytest.mark.parametrize(
    "sentence",
    ["7 days", "1 by robots.txt", "2 gaps", "<td>2025-12-31</td><td>2026-01-01</td>", "3 days with a look"],
)
def test_figures_gaps_and_days_are_told_beside_it(get: Get, sentence: str) -> None:
    assert sentence in get("/coverage").text


def test_a_site_is_told_alone_and_the_others_can_still_be_chosen(get: Get) -> None:
    text = get("/coverage?site=other.example").text
    assert ("1 day with a look" in text, "<option>news.example</option>" in text) == (True, True)
    assert "Every day of the period was looked at." in text


def test_a_site_that_nobody_looked_at_is_told_in_a_sentence(get: Get) -> None:
    answer = get("/coverage?site=nowhere.example")
    assert (answer.status_code, "holds no page of nowhere.example" in answer.text) == (404, True)


def test_the_numbers_lead_to_the_tables(get: Get) -> None:
    text = get("/coverage").text
    for to in re.findall(r'href="(/archive/captures\?[^"]+)"', text):
        assert get(to).status_code == 200


def test_an_archive_without_a_look_has_nothing_to_draw(tmp_path: Path, room: Room) -> None:
    Archive.open(tmp_path / "empty.db").close()
    answer = room(tmp_path / "empty.db")("/coverage")
    assert (answer.status_code, "No page was looked at yet" in answer.text, "data-chart" in answer.text) == (
        200,
        True,
        False,
    )
