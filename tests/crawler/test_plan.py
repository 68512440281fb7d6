"""What yaowen.toml may say, and how each mistake in it is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import BadPlan
from crawler.plan import CrawlPlan, Plan, SitePlan, read_plan

WHOLE = """\
on_alarm = "mail -s 'yaowen' me@example.org"

[sites."news.example"]
delay = 2
min_interval = "30m"
max_interval = "30d"
max_pages = 500
max_bytes = "1.5MB"
max_seconds = "2h"
max_depth = 3
cookie = "NEWS_COOKIE"
[sites."news.example".headers]
Authorization = "NEWS_TOKEN"

[crawls.morning]
cron = "0  6 * * 1-5"
timezone = "Asia/Shanghai"
spider = "recommendation"
urls = ["https://news.example/", "https://news.example/feed.xml"]
due = true
depth = 2
max_pages = 200
any_site = true

[crawls."十分"]
every = "10m"
due = true
"""


def read(folder: Path, text: str | bytes) -> Plan:
    path = folder / "yaowen.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_plan(path)


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(BadPlan) as refused:
        read(folder, text)
    assert str(refused.value) == "\n".join(refused.value.mistakes)
    return [sentence.removeprefix(f"{folder}/") for sentence in refused.value.mistakes]


def test_a_plan_says_how_sites_are_visited_and_when_crawls_run(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == Plan(
        on_alarm="mail -s 'yaowen' me@example.org",
        sites={
            "news.example": SitePlan(
                delay=2.0,
                min_interval=timedelta(minutes=30),
                max_interval=timedelta(days=30),
                max_pages=500,
                max_bytes=1_500_000,
                max_seconds=7200.0,
                max_depth=3,
                cookie="NEWS_COOKIE",
                headers={"Authorization": "NEWS_TOKEN"},
            )
        },
        crawls={
            "morning": CrawlPlan(
                name="morning",
                cron="0 6 * * 1-5",
                timezone="Asia/Shanghai",
                spider="recommendation",
                urls=("https://news.example/", "https://news.example/feed.xml"),
                due=True,
                depth=2,
                max_pages=200,
                any_site=True,
            ),
            "十分": CrawlPlan(name="十分", every=timedelta(minutes=10), due=True),
        },
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[sites]\n[crawls]\n"])
def test_all_of_a_plan_may_be_left_out(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == Plan()


def test_a_plan_written_by_notepad_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()) == read(tmp_path, WHOLE)


CRAWL = '[crawls.morning]\nevery = "30m"\nurls = ["https://news.example/"]\n'


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("delay = -1", "delay must be a number of seconds such as 2.0, not -1"),
        ("delay = nan", "delay must be a number of seconds such as 2.0, not nan"),
        ('delay = "2s"', "delay must be a number of seconds such as 2.0, not '2s'"),
        ("delay = true", "delay must be a number of seconds such as 2.0, not true"),
        ("dealy = 2", "has no key dealy; did you mean delay?"),
        ("xyz = 2", "has no key xyz; its keys are delay, min_interval, max_interval,"),
        ('min_interval = "30"', "min_interval must be a duration such as"),
        ("min_interval = 30", "min_interval must be a duration such as"),
        ('max_interval = "0s"', "max_interval must be a duration such as"),
        ('max_interval = "99999999999999999w"', "max_interval must be a duration such as"),
        ('min_interval = "2d"\nmax_interval = "1d"', "max_interval is shorter than min_interval"),
        ("max_pages = 0", "max_pages must be a whole number from 1 on, not 0"),
        ("max_pages = 1.5", "max_pages must be a whole number from 1 on, not 1.5"),
        ("max_depth = false", "max_depth must be a whole number from 0 on, not false"),
        ('max_bytes = "200 megabytes"', 'max_bytes must be a size such as "500kB"'),
        ('max_bytes = "0.1B"', 'max_bytes must be a size such as "500kB"'),
        ("max_seconds = 60", "max_seconds must be a duration such as"),
        ('cookie = "session=abc"', "cookie must be the name of an environment variable"),
        ("headers = 3", "headers] must be a table: that line in single brackets, its keys below"),
        ('headers = {"Bad Name" = "TOKEN"}', "'Bad Name' is no header's name"),
        ('headers = {Authorization = "Bearer abc"}', "Authorization must be the name of an environment variable"),
    ],
)
def test_a_mistake_in_a_site_names_line_and_remedy(tmp_path: Path, line: str, says: str) -> None:
    (sentence,) = mistakes(tmp_path, f'{CRAWL}\n[sites."news.example"]\n# below\n{line}\n')
    number = 7 + line.count("\n")
    assert sentence.startswith(f'yaowen.toml, line {number}: [sites."news.example"'), sentence
    assert says in sentence


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('every = "30 minutes"', 'every must be a duration such as "90s", "30m"'),
        ('every = "0.5s"', "every must be a duration such as"),
        ('every = "30m"\ncron = "0 6 * * *"', "has both every and cron; keep one"),
        ('cron = "0 6 * *"', "cron must be a cron line of minute, hour, day of month, month, day of week"),
        ('cron = "0 25 * * *"', "(bad hour)"),
        ('cron = "0 0 32 * *"', "(bad day-of-month)"),
        ('cron = "0 0 30 2 *"', "(that day never comes)"),
        ('cron = "0 0 30 13 *"', "(bad month)"),
        ('cron = "* * * * * *"', "(not five fields)"),
        ('cron = ""', "cron must be a text in quotation marks, not ''"),
        ('every = "1h"\ntimezone = "Asia/Shangai"', "names no time zone 'Asia/Shangai'; did you mean 'Asia/Shanghai'?"),
        (
            'every = "1h"\ntimezone = "UTC+8"',
            "'UTC+8'; did you mean 'Etc/GMT-8'? The sign there says how far to go to UTC",
        ),
        ('every = "1h"\ntimezone = "gmt-03:00"', "'Etc/GMT+3'?"),
        ('every = "1h"\ntimezone = "UTC+5:30"', "'UTC+5:30'; write one such as 'Asia/Shanghai'"),
        ('every = "1h"\ntimezone = "UTC+20"', "'UTC+20'; write one such as 'Asia/Shanghai'"),
        ('every = "1h"\ntimezone = "Asia/Peking"', "'Asia/Peking'; did you mean 'Asia/Shanghai'?"),
        ('every = "1h"\ntimezone = "Asia/Pekin"', "'Asia/Pekin'; did you mean 'Asia/Shanghai'?"),
        ('every = "1h"\ntimezone = "Europe/Bern"', "'Europe/Bern'; write one such as"),
        ('every = "1h"\ntimezone = "Asia"', "names no time zone 'Asia'"),
        ('every = "1h"\ntimezone = "../../etc/passwd"', "names no time zone"),
        ('every = "1h"\nspider = "features"', "spider must be auto, feature or recommendation, not 'features'"),
        ('every = "1h"\ndepth = -1', "depth must be a whole number from 0 on, not -1"),
        ('every = "1h"\nmax_pages = "10"', "max_pages must be a whole number from 1 on, not '10'"),
        ('every = "1h"\nany_site = "yes"', "any_site must be true or false, not 'yes'"),
        ('every = "1h"\ndue = 1', "due must be true or false, not 1"),
        ('every = "1h"\nurl = "https://news.example/"', "has no key url; did you mean urls?"),
    ],
)
def test_a_mistake_in_a_crawl_names_line_and_remedy(tmp_path: Path, line: str, says: str) -> None:
    (sentence,) = mistakes(tmp_path, f'[crawls.morning]\nurls = [\n  "https://news.example/",\n]\n{line}\n')
    assert sentence.startswith(f"yaowen.toml, line {5 + line.count(chr(10))}: [crawls.morning] "), sentence
    assert says in sentence


@pytest.mark.parametrize(
    ("urls", "says"),
    [
        ('"https://news.example/"', 'must be a list such as ["https://news.example/"]'),
        ("[]", "must be a list such as"),
        (
            '["https://news.example/", "news.example/feed.xml"]',
            "holds 'news.example/feed.xml', which is no web address",
        ),
        ('["https://news.example/a b"]', "'https://news.example/a b', which is no web address: it holds a blank"),
        ('["https://"]', "holds 'https://', which is no web address: it names no host"),
        ('["https://x:port/"]', "'https://x:port/', which is no web address: its port is no number"),
        ("[3]", "holds 3, which is no web address"),
    ],
)
def test_a_wrong_address_is_named(tmp_path: Path, urls: str, says: str) -> None:
    (sentence,) = mistakes(tmp_path, f'[crawls.morning]\nevery = "1h"\nurls = {urls}\n')
    assert sentence.startswith("yaowen.toml, line 3: [crawls.morning] urls ")
    assert says in sentence


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[crawls.a]\ndue = true\n", 'line 1: [crawls.a] has no schedule; add every = "30m" or cron = "0 6 * * *"'),
        (
            '[crawls.a]\nevery = "1h"\n',
            'line 1: [crawls.a] has nothing to visit; add urls = ["https://…"] or due = true',
        ),
        ('[[crawls.a]]\nevery = "1h"\n', "line 1: [crawls.a] must be a table: that line in single"),
        ("crawls = 3\n", "line 1: [crawls] must be a table: that line in single"),
        ("on_alarm = 3\n", "line 1: on_alarm must be a text in quotation marks, not 3"),
        ("\n[site]\n", "line 2: the plan has no key site; did you mean sites?"),
        ('[sites."www.news.example"]\n', "line 1: [sites] 'www.news.example' is no site's name; write 'news.example'"),
        ('[sites."https://news.example/a"]\n', "is no site's name; write 'news.example'"),
        ('[sites."News.example"]\n', "write 'news.example'"),
        ('[sites."新闻.example"]\n', "write 'xn--efvy88h.example'"),
        ("[sites.news.example]\ndelay = 2\n", 'a name with dots stands in quotation marks: [sites."news.example"]'),
        ('[crawls."http://x"]\nevery = "1h"\ndue = true\n', "line 1: [crawls] 'http://x' is no name for a crawl"),
        ('[crawls."-x"]\nevery = "1h"\ndue = true\n', "'-x' is no name for a crawl"),
    ],
)
def test_a_wrong_table_is_named(tmp_path: Path, text: str, says: str) -> None:
    (sentence,) = mistakes(tmp_path, text)
    assert says in sentence


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (CRAWL + "every: 3\n", 4),
        (CRAWL + 'every = "1h"\n', 4),
        ("on_alarm = mail\n", 1),
        ('on_alarm = "mail\n', 1),
        (CRAWL + 'urls = ["https://news.example/",\n', 5),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (sentence,) = mistakes(tmp_path, text)
    assert sentence.startswith(f"yaowen.toml, line {line}: this is no TOML (")
    assert 'every = "30m"' in sentence


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = (
        '[crawls.b]\nevery = "often"\ndepht = 1\n\n[sites."news.example"]\ndelay = "slow"\n\n[crawls.a]\ndue = true\n'
    )
    told = mistakes(tmp_path, text)
    assert [sentence.split(":")[0] for sentence in told] == [
        "yaowen.toml, line 1",
        "yaowen.toml, line 2",
        "yaowen.toml, line 3",
        "yaowen.toml, line 6",
        "yaowen.toml, line 8",
    ]


def test_mistakes_below_a_wrong_name_are_told_too(tmp_path: Path) -> None:
    told = mistakes(
        tmp_path,
        '[crawls."my crawl"]\nevery = "often"\ndue = true\n[sites."www.x.example"]\ndealy = 1\n'
        'headers = {"Bad Name" = "a value"}\n',
    )
    assert [sentence.split(":")[0] for sentence in told] == [f"yaowen.toml, line {line}" for line in (1, 2, 4, 5, 6, 6)]


def test_a_secret_that_stands_in_the_plan_by_mistake_is_not_printed(tmp_path: Path) -> None:
    text = '[sites."news.example"]\ncookie = "sid=5up3r"\nheaders = {Authorization = "Bearer 5up3r"}\n'
    assert "5up3r" not in "".join(mistakes(tmp_path, text))


def test_a_large_plan_with_a_mistake_at_its_end_is_told_quickly(tmp_path: Path) -> None:
    sites = "".join(f'[sites."n{number}.example"]\ndelay = 2.0\nmax_pages = 5\n' for number in range(1_000))
    (sentence,) = mistakes(tmp_path, sites + '[sites."last.example"]\ndelay = "slow"\n')
    assert sentence.startswith("yaowen.toml, line 3002:")


@pytest.mark.parametrize("text", [b"\xff\xfe", "# 要闻".encode("gbk")])
def test_another_encoding_is_named(tmp_path: Path, text: bytes) -> None:
    assert mistakes(tmp_path, text) == ["yaowen.toml: is no UTF-8; save it in that encoding"]


def test_a_missing_plan_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match=r"cannot be read .*--plan names another file"):
        read_plan(tmp_path / "yaowen.toml")
