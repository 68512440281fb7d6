"""An archive of what pages print to break out of a text, and of what other programs may write into the tables."""

from pathlib import Path
from typing import Any

from archive.store import Archive

TITLES = (
    "../../etc/passwd",
    r"..\..\windows",
    "/absolute",
    "CON",
    "nul.txt",
    "trailing dots...",
    "nul\x00 escape\x1b[31m bell\x07",
    "\u202eturned\u202c round gpj.exe",
    "<script>alert(1)</script>",
    "# no heading",
    "a\r# b\n---\nc: d",
    "…",
    " ",
    "\u200b",
    "=cmd|'/c calc'!A1",
    "x" * 5_000,
    "长" * 3_000,
    "&amp; &lt; ]]> --> ?>",
    "\ufffe\ufdd0 no characters",
    "e" + "\u0301" * 400,
    "👨‍👩‍👧 😀",
    "yes: [no, {a: b}] # c",
    "\ufeffmark",
    "\u2028line\u2029paragraph\x85next",
)
LINES = (
    "<script>alert(1)</script>",
    "# x",
    "1. x",
    "10) x",
    "* x",
    "+ x",
    "- x",
    "---",
    "===",
    "    four spaces",
    "\ta tab",
    "> x",
    "| a | b |",
    "| - | - |",
    ": x",
    "~~~",
    "```sh",
    "``x`` `y`",
    "*a* **b** _c_ __d__ ~~e~~",
    "&amp; &copy; &#60;",
    "<https://news.example/> https://news.example www.news.example a@news.example",
    "[a](javascript:alert(1)) ![b](http://x/) [c]: http://x/ [^1] [[d]]",
    "{{ x }} {% y %} {: .z } $a^2$ ==m== %%n%%",
    "ends with a backslash\\",
    "ends with two blanks  ",
    "\u3000\u3000苏州的运河边开了一家图书馆。",
)
"""Lines of texts that Markdown would take for something else."""
_ADDRESSES = (
    "javascript:alert(1)",
    "http://exa mple/%zz/<>",
    "http://xn--99999999999/a",
    "http://[::1]:80/a",
    "http://256.1.1.1/",
    "http://中文.example/文?a=b c&d=|^`{}",
    "http://a..b/x",
    "http://a_b.example/50%",
    "",
)
_ODD_ROWS: tuple[dict[str, Any], ...] = (  # Any: what another program writes
    {
        "title": b"bytes \xff",
        "body": b"\xff\xfe",
        "site": b"by\xfftes.example",
        "category": b"c\x00",
        "language": "ZH_cn",
        "authors": '["\\ud800x", "b"]',
        "published_at": "2026-02-30",
        "utc_offset": 99_999,
    },
    {"title": "odd", "published_at": "5", "utc_offset": "x", "views": "many", "language": "Chinese; <b>"},
    {"title": "words without end", "category": "W" * 400, "source": "W" * 400, "site": "W" * 400, "authors": "W" * 400},
    {"title": "ancient", "published_at": "0001-01-01T00:00:00Z", "utc_offset": -600},
    {"title": "far away", "published_at": "9999-12-31T23:59:59Z", "utc_offset": 600},
    {"title": "no such clock", "published_at": "2026-01-01T00:00:00Z", "utc_offset": 960},
    {"title": "as printed", "published_raw": "昨天\x07 <b>", "category": "  ", "language": "x-private"},
    {"title": "a long tag", "language": "de-DE-1996-u-co-phonebk", "last_seen_at": "never", "first_seen_at": "once"},
    {
        "title": "مكتبة على ضفة القناة",
        "body": "افتتحت المدينة مكتبة جديدة.\nالنص الثاني 123.",
        "language": "ar",
        "category": "ثقافة",
        "published_at": "2026-01-01T00:00:00Z",
        "published_precision": "minute",
        "utc_offset": 180,
    },
    {
        "title": "A library by the canal",
        "body": "\n".join(LINES),
        "language": "en-GB",
        "category": "<i>Local</i>",
        "published_at": "2026-01-01T00:00:00Z",
        "published_precision": "day",
        "utc_offset": 0,
    },
)


def write_hostile_archive(path: Path) -> None:
    """All of it, an article each."""
    rows: list[dict[str, Any]] = [{"title": title, "body": f"text\n{title}"} for title in TITLES]
    rows += [{"url": url, "site": url[:20], "title": "address"} for url in _ADDRESSES]
    rows += _ODD_ROWS
    with Archive.open(path) as archive:
        table = archive.db.table("articles")
        for number, row in enumerate(rows):
            seen = "2026-03-01T08:00:00Z"
            table.insert(
                {
                    "url": f"https://news.example/a/{number}",
                    "site": "news.example",
                    "first_seen_at": seen,
                    "last_seen_at": seen,
                }
                | row
            )
