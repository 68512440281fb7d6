"""Printed values, one row each: times, counters, names, charsets."""

from datetime import UTC, datetime

import pytest

from crawler.parsers.characters import decode
from crawler.parsers.counts import parse_count
from crawler.parsers.dates import first_time
from crawler.parsers.names import find_authors, printed_original_title, printed_source
from crawler.parsers.title import without_suffix
from crawler.sites import site_for

FETCHED = datetime(2024, 5, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "time", "precision"),
    [
        ("2022年10月15日11:43:08", "2022-10-15T11:43:08", "second"),
        ("2019-09-07 04:04", "2019-09-07T04:04:00", "minute"),
        ("2019年09月07日 04:04", "2019-09-07T04:04:00", "minute"),
        ("2019年09月07日 下午3:05", "2019-09-07T15:05:00", "minute"),
        ("2019/9/7", "2019-09-07T00:00:00", "day"),
        ("２０１９年９月７日", "2019-09-07T00:00:00", "day"),
        ("Oct 15, 2022", "2022-10-15T00:00:00", "day"),
        ("October 15, 2022 at 3:04 pm", "2022-10-15T15:04:00", "minute"),
        ("15. Oktober 2022", "2022-10-15T00:00:00", "day"),
        ("15.10.2022, 08:30 Uhr", "2022-10-15T08:30:00", "minute"),
        ("2022-10-15T11:43:08+08:00", "2022-10-15T11:43:08+08:00", "second"),
        ("2022-10-15T11:43:08Z", "2022-10-15T11:43:08+00:00", "second"),
        ("3小时前", "2024-05-20T09:00:00+00:00", "minute"),
        ("2 hours ago", "2024-05-20T10:00:00+00:00", "minute"),
        ("昨天 10:20", "2024-05-19T10:20:00+00:00", "minute"),
    ],
)
def test_a_printed_time_is_read_with_its_precision(printed: str, time: str, precision: str) -> None:
    found = first_time(printed, FETCHED)
    assert found is not None
    assert (found.time, found.precision) == (datetime.fromisoformat(time), precision)


@pytest.mark.parametrize("printed", ["2022年13月45日", "31.02.2022", "第12版", "2022 人"])
def test_what_is_no_date_gives_no_time(printed: str) -> None:
    assert first_time(printed) is None


def test_a_relative_time_stays_as_printed_while_the_fetch_is_unknown() -> None:
    found = first_time("3小时前")
    assert found is not None
    assert (found.raw, found.time) == ("3小时前", None)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1361", 1361),
        ("1,361次浏览", 1361),
        ("阅读:1361", 1361),
        ("阅读 1.3万", 13_000),
        ("10万+", 100_000),
        ("阅读：１３６１", 1361),
        ("2.5k views", 2_500),
    ],
)
def test_a_counter_is_read_as_a_number_and_kept_as_printed(printed: str, value: int) -> None:
    count = parse_count(printed)
    assert count is not None
    assert (count.value, count.raw) == (value, printed)


@pytest.mark.parametrize("printed", ["", "国际", "评论 12", "2022-10-15"])
def test_what_is_no_counter_gives_none(printed: str) -> None:
    assert parse_count(printed) is None


@pytest.mark.parametrize(
    ("printed", "authors"),
    [
        ("(苏报记者 朱琦 陆飞龙)", ("朱琦", "陆飞龙")),
        ("记者 张三", ("张三",)),
        ("文/张三", ("张三",)),
        ("作者：李小四", ("李小四",)),
        ("By Ada Marsh and Tom Reed", ("Ada Marsh", "Tom Reed")),
        ("责任编辑：王五", ()),
        ("编辑 王五", ()),
    ],
)
def test_the_byline_names_authors_and_no_editors(printed: str, authors: tuple[str, ...]) -> None:
    found = find_authors([printed])
    assert (found[0] if found else ()) == authors


@pytest.mark.parametrize(
    ("printed", "source"),
    [
        ("来源：青溪晚报", "青溪晚报"),
        ("【来源:青溪区政府_要闻】今天", "青溪区政府_要闻"),
        ("转自：青溪晚报", "青溪晚报"),
        ("今天", None),
    ],
)
def test_the_source_is_what_the_line_names(printed: str, source: str | None) -> None:
    assert printed_source(printed) == source


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("老桥换了新栏杆_城建_青溪晚报", "老桥换了新栏杆"),
        ("老桥换了新栏杆 - 青溪晚报", "老桥换了新栏杆"),
        ("The ferry bell still rings | Greenbrook Post", "The ferry bell still rings"),
        ("老桥换了新栏杆", "老桥换了新栏杆"),
    ],
)
def test_the_words_of_the_site_are_no_part_of_the_title(printed: str, title: str) -> None:
    assert without_suffix(printed) == title


CHINESE = "老桥换了新的栏杆，石匠说，这是他做过的最好的一次，大家都来看。" * 3
TRADITIONAL = "這座老橋換了新的欄杆，石匠說，這是他做過的最好的一次。"
JAPANESE = "渡し船の鐘は、今も毎日夕方に三度鳴るという。" * 3
KOREAN = "나룻배의 종은 지금도 저녁마다 세 번 울린다고 사람들이 말한다." * 3


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (CHINESE.encode(), "text/html; charset=gbk", CHINESE),
        (CHINESE.encode("gb18030"), None, CHINESE),
        (CHINESE.encode("gb18030"), "text/html; charset=iso-8859-1", CHINESE),
        (b'<meta charset="utf-8">' + CHINESE.encode("gbk"), None, '<meta charset="utf-8">' + CHINESE),
        (TRADITIONAL.encode("big5"), None, TRADITIONAL),
        (JAPANESE.encode("shift_jis"), None, JAPANESE),
        (JAPANESE.encode("euc_jp"), None, JAPANESE),
        (KOREAN.encode("euc_kr"), None, KOREAN),
        (("<html>" * 99 + CHINESE).encode("utf-16-le"), None, "<html>" * 99 + CHINESE),
        (CHINESE.encode("utf-16"), None, CHINESE),
        (b'<meta charset="big5">' + CHINESE.encode("gbk"), None, '<meta charset="big5">' + CHINESE),
        (b"<p>\xff" + CHINESE.encode(), "text/html; charset=gbk", "<p>\ufffd" + CHINESE),
        (("<p>" + CHINESE).encode().decode("latin-1").encode(), None, "<p>" + CHINESE),
        ("It’s the lamp’s light, “much brighter”.".encode("cp1252"), None, "It’s the lamp’s light, “much brighter”."),
        (b"\xff It\xe2\x80\x99s the lamp\xe2\x80\x99s \xe2\x80\x9clight", None, "\ufffd It’s the lamp’s “light"),
    ],
)
def test_the_charset_is_found_whatever_is_declared(body: bytes, content_type: str | None, text: str) -> None:
    assert decode(body, content_type).text == text


def test_broken_bytes_are_counted() -> None:
    decoded = decode(b'<meta charset="gbk">' + CHINESE.encode("gbk") + b"\xff\xff")
    assert (decoded.charset, decoded.replaced) == ("gb18030", 2)


def test_a_site_is_found_by_its_host_and_no_other_is() -> None:
    site = site_for("https://cn.wa01.com/a/1.html")
    assert site is not None
    assert (site.name, site.timezone) == ("天天要闻", "Asia/Shanghai")
    assert site_for("https://wa01.example/") is None
    assert site_for("http://[broken") is None


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("原标题：运河边的灯亮到十一点", "运河边的灯亮到十一点"),
        ("（原标题：运河边的灯（二）亮了）", "运河边的灯（二）亮了"),
        ("【原标题：运河边的灯】 责任编辑：林知远", "运河边的灯"),
        ("原标题为:《运河边的灯》", "《运河边的灯》"),
        ("Original headline: A lamp by the canal", "A lamp by the canal"),
        ("他说，原标题：这样的标题不好。", None),
        ("原标题", None),
    ],
)
def test_the_original_headline_is_read_from_a_line_of_its_own(line: str, title: str | None) -> None:
    assert printed_original_title(line) == title
