"""Crawl the sample site in its three states and show what that gave; started by scripts/demo."""

import subprocess
import sys
from pathlib import Path

from archive.errors import ArchiveError
from archive.store import Archive
from crawler.sample_site.server import running

ARCHIVE = Path("archive.db")
PORT = 8765
HOST = f"127.0.0.1:{PORT}"
YAOWEN = Path(sys.executable).with_name("yaowen")


def main() -> None:
    make_room()
    with running(state=1, port=PORT) as site:
        crawl("the whole site, first day: the front page's articles", "feature", f"{site.url}/")
        crawl("first day: the lists of all categories", "recommendation", *lists(), depth=2)
        for state in (2, 3):
            site.state = state
            crawl(f"day {state}: what is new, edited, moved or gone", "recommendation", *lists(), depth=2, known=True)
    show()


def make_room() -> None:
    """Begin anew after an earlier demo; an archive of anything else is not ours to touch."""
    if not ARCHIVE.exists():
        return
    try:
        with Archive.open(ARCHIVE, read_only=True) as archive:
            others = [site for site in archive.sites() if site != HOST]
    except ArchiveError as error:
        sys.exit(f"{error}. The demo leaves it alone; move it away to run the demo")
    if others:
        sys.exit(f"{ARCHIVE} holds other sites ({', '.join(others[:3])}). The demo leaves it alone; move it away first")
    say("removing the archive that an earlier demo made")
    for suffix in ("", "-wal", "-shm", ".lock"):
        Path(f"{ARCHIVE}{suffix}").unlink(missing_ok=True)


def lists() -> list[str]:
    from crawler.sample_site import SampleSite

    return [f"http://{HOST}{path}" for path in SampleSite(1).list_paths() if path.count("/") == 2]


def crawl(what: str, spider: str, *urls: str, depth: int = 1, known: bool = False) -> None:
    say(what)
    options = ["--spider", spider, "--depth", str(depth), "--delay", "0", "--allow-address", HOST]
    run("crawl", *urls, *options, *(["--known"] if known else []))


def show() -> None:
    with Archive.open(ARCHIVE, read_only=True) as archive:
        say("what the archive holds now")
        for table, rows in archive.counts().items():
            print(f"{rows:6,} {table}")
        edited = archive.db.execute(
            "SELECT article_id FROM revisions GROUP BY article_id ORDER BY count(*) DESC, article_id LIMIT 1"
        ).fetchone()[0]
    say("one article: its sections, its view counts, its revisions, what it recommended")
    run("show", str(edited))
    say("a search: yaowen search 人才 发展 --limit 3")
    run("search", "人才", "发展", "--limit", "3")
    say("what to type next")
    print(
        "  .venv/bin/yaowen search 苏州                       find a word\n"
        f"  .venv/bin/yaowen show {edited}                   read an article\n"
        "  .venv/bin/yaowen crawl https://… --depth 1         crawl a site of your own choice\n"
        "  .venv/bin/yaowen --help                            everything else; README.md has a tour"
    )


def run(*arguments: str) -> None:
    finished = subprocess.run([YAOWEN, *arguments], check=False)
    if finished.returncode:
        sys.exit(finished.returncode)


def say(text: str) -> None:
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    main()
