"""What is added to the plan leaves the rest of the file as it is."""

import tomllib
from pathlib import Path

import pytest

from crawler.errors import BadPlan
from yaowen.plan_file import add, read, write

PATH = Path("yaowen.toml")
URLS = ["https://news.example/", "https://news.example/feed"]
OWN = """# top
[crawls.morning] # early
cron   = "0 6 * * *"   # six
urls = [
    "https://news.example/",   # front
    "https://other.example/",
]

[sites]
"news.example".delay = 2
"""


def test_a_crawl_that_visits_the_site_is_completed_in_its_own_hand() -> None:
    addition = add(OWN, "news.example", URLS, path=PATH)
    line = '    "https://other.example/",\n'
    assert addition.text == OWN.replace(line, f'{line}    "https://news.example/feed",\n')
    assert (addition.crawl, addition.urls, addition.is_new) == ("morning", ("https://news.example/feed",), False)
    assert addition.schedule == "0 6 * * *"


def test_a_frequency_takes_the_place_of_a_cron_line() -> None:
    plan = tomllib.loads(add(OWN, "news.example", URLS, path=PATH, every="30m").text)
    assert plan["crawls"]["morning"] == {"every": "30m", "urls": [URLS[0], "https://other.example/", URLS[1]]}


def test_a_crawl_of_another_name_is_a_new_one() -> None:
    addition = add(OWN, "news.example", URLS, path=PATH, name="evening")
    assert addition.text.startswith(OWN)
    assert tomllib.loads(addition.text)["crawls"]["evening"] == {"every": "1h", "urls": URLS, "due": True}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "before", ["", "on_alarm = 'true'", "on_alarm = 'true'{end}", "[crawls.x]{end}urls = []{end}# end{end}"]
)
def test_new_tables_stand_at_the_end_in_the_files_own_way_to_end_a_line(before: str, end: str) -> None:
    text = before.format(end=end)
    result = add(text, "news.example", URLS, path=PATH).text
    assert result.startswith(text)
    assert (result.count("\n") == result.count("\r\n")) == ("\r\n" in text)
    plan = tomllib.loads(result)
    assert (plan["sites"], plan["crawls"]["news.example"]["urls"]) == ({"news.example": {}}, URLS)


def test_an_address_is_known_however_it_is_spelled() -> None:
    urls = "['HTTPS://NEWS.example:443/feed#top', 'https://news.example']"
    text = f"[crawls.x]\nevery = '1h'\nurls = {urls}\n[sites.'news.example']\n"
    assert add(text, "news.example", URLS, path=PATH).text == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sites = {}\n", "written in one line"),
        ("crawls = 3\n", "written in one line"),
        ("[crawls.x]\nurls = 'https://news.example/'\n", "the urls of the crawl x are no list"),
    ],
)
def test_what_cannot_be_added_to_is_named(text: str, reason: str) -> None:
    with pytest.raises(BadPlan, match=f"yaowen.toml: .*{reason}"):
        add(text, "news.example", URLS, path=PATH, name="x")


@pytest.mark.parametrize(
    ("sites", "delay", "kept"),
    [
        ("", 2.0, {"delay": 2}),
        ("", 0.5, {"delay": 0.5}),
        ("", None, {}),
        ("[sites.'news.example']\ndelay = 3 # mine\n", 2.0, {"delay": 3}),
        (
            "[sites.'news.example']\n[sites.'news.example'.headers]\nX-Key = 'KEY'\n",
            2.0,
            {"delay": 2, "headers": {"X-Key": "KEY"}},
        ),
    ],
)
def test_a_delay_stands_in_the_plan_unless_there_is_one(sites: str, delay: float | None, kept: object) -> None:
    addition = add(sites, "news.example", URLS, path=PATH, delay=delay)
    assert tomllib.loads(addition.text)["sites"]["news.example"] == kept
    assert addition.delay == tomllib.loads(addition.text)["sites"]["news.example"].get("delay")


def test_a_link_to_the_plan_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "yaowen.toml"
    real.write_text("a = 1\n", "utf-8")
    link.symlink_to(real)
    write(link, "a = 2\n")
    assert (link.is_symlink(), real.read_text("utf-8")) == (True, "a = 2\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real.toml", "yaowen.toml"]


def test_a_plan_of_notepad_is_read_without_its_first_mark(tmp_path: Path) -> None:
    path = tmp_path / "yaowen.toml"
    path.write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    text, plan = read(path)
    assert (text, list(plan.crawls)) == (OWN.replace("\n", "\r\n"), ["morning"])


def test_a_folder_is_no_plan(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match="cannot be read"):
        read(tmp_path)
