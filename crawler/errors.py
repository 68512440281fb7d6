"""What reading a page or asking for one can raise.

CrawlerError
├── ParseError            the bytes hold nothing that can be read
│   ├── MissingPart       neither an article nor a list: a part that makes one is not there
│   └── PageGone          a page that says that what stood there is no more
├── AddressRefused        an address that the crawler must not connect to
├── NameServerSilent      a name whose name server does not answer
├── NothingFetched        not one page came of what was asked for
├── PutOff                a page whose site wants to be left alone for now
├── SourceUnreadable      a file or folder to be imported is none, or is broken
├── BadPlan               yaowen.toml is missing or wrong
├── UnknownCrawl          neither an address nor the name of a crawl of the plan
└── ScheduleInUse         another schedule runs for the archive
"""

from collections.abc import Sequence
from pathlib import Path


class CrawlerError(Exception):
    """Anything that the crawler floor refuses or cannot do; the message is for the user."""


class SourceUnreadable(CrawlerError):
    """What is to be imported cannot be read, or not to its end."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"Cannot import {path}: {reason}")


class NothingFetched(CrawlerError):
    """Not even the first page came."""

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(f"Nothing could be fetched: {url}: {reason}")


class BadPlan(CrawlerError):
    """The plan cannot be used: a sentence for each mistake, with the file, the line and the remedy."""

    def __init__(self, path: Path, mistakes: Sequence[str]) -> None:
        self.path, self.mistakes = path, tuple(mistakes)
        super().__init__("\n".join(mistakes))


class UnknownCrawl(CrawlerError):
    """A word that stands where addresses or the name of a crawl stand is neither."""

    def __init__(self, name: str, path: Path, known: Sequence[str]) -> None:
        self.name, self.path, self.known = name, path, tuple(known)
        has = f"which has {', '.join(known)}" if known else "which has none"
        super().__init__(
            f"{name!r} is no web address (it must begin with http:// or https://) and no crawl of {path}, {has}"
        )


class ScheduleInUse(CrawlerError):
    """Another schedule starts the crawls of the archive."""

    def __init__(self, path: Path, pid: str) -> None:
        self.path, self.pid = path, pid
        super().__init__(f"Another schedule (process {pid}) runs for {path}; wait for it or stop it")


class ParseError(CrawlerError):
    """The page cannot be read."""

    def __init__(self, reason: str, *, url: str) -> None:
        self.reason, self.url = reason, url
        super().__init__(f"{reason}: {url}")

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive pickling on their own, and readings cross processes.
        return _remake, (type(self), self.reason, self.url)


class MissingPart(ParseError):
    """A part without which there is no article and no list."""

    def __init__(self, part: str, *, url: str) -> None:
        super().__init__(part if part.startswith("no ") else f"no {part} found", url=url)


class PageGone(ParseError):
    """A page that says that what stood there is no more, whatever the status it was served with."""


def _remake(error: type[ParseError], reason: str, url: str) -> ParseError:
    return error(reason, url=url)
