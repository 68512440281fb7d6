"""Citations of what the archive holds: one file, one style, found because it is there.

A news page is cited as a page of the web in all of them, since nothing on it tells whether a newspaper printed it too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

STYLES = tuple(sorted(found.name.replace("_", "-") for found in iter_modules(__path__)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """One revision of an article, as it is cited; every text is one line, without controls."""

    article_id: int
    revision: int | None = None
    """Counted from 1; ``None`` where another program wrote the article, and no look showed it."""
    revisions: int = 0
    url: str
    site: str
    site_name: str
    """As it calls itself, or its host."""
    title: str
    authors: tuple[str, ...] = ()
    source: str | None = None
    """Whom the site names as origin."""
    language: str | None = None
    published_at: datetime | None = None
    """In the page's own or assumed offset."""
    published_precision: str | None = None
    seen_at: datetime | None = None
    """The look that first showed the revision, in the offset of ``published_at``."""
    last_seen_at: datetime | None = None
    """The last look that still did."""
    gone_at: datetime | None = None
    """The first look that did not find the article, while it is gone."""
    content_hash: str | None = None
    """SHA-256 of the bytes that the look at ``seen_at`` is of."""
    part_hashes: tuple[str, ...] = ()
    """Of the further pages that the article stood on."""
    unhashed: str | None = None
    """Why there is no hash, as the end of a sentence."""

    @property
    def key(self) -> str:
        """Its name in lists of references: ASCII, and no other's."""
        named = re.sub("[^a-z0-9]+", "-", self.site.lower()).strip("-")
        return "-".join(filter(None, (named, str(self.article_id), str(self.revision or ""))))

    @property
    def written_in(self) -> str:
        """The language without its country; where none is told, Chinese if the headline has its characters."""
        tag = re.match("[a-z]{2,3}", (self.language or "").lower())
        return tag[0] if tag else "zh" if re.search("[\u3400-\u9fff]", self.title) else ""

    @property
    def named_source(self) -> str | None:
        """The source, where it is another than the site itself and the authors."""
        return self.source if self.source not in (self.site_name, *self.authors) else None

    @property
    def has_changed(self) -> bool:
        """Whether its address is known to have shown something else, or shows nothing any more."""
        return self.revisions > 1 or self.gone_at is not None


def cite(style: str, citation: Citation) -> str:
    """The citation in one of the ``STYLES``."""
    cited: str = _module(style).cite(citation)
    return cited


def bibliography(style: str, citations: Iterable[Citation]) -> str:
    """A file of one of the ``STYLES`` with the citations in their order."""
    module = _module(style)
    written: str = module.bibliography([module.cite(citation) for citation in citations])
    return written


def provenance(citation: Citation) -> str:
    """What vouches for the text that is cited, in English."""
    facts = (
        f"source named: {citation.named_source}" if citation.named_source else None,
        f"revision {citation.revision} of {citation.revisions}" if citation.revision else None,
        f"captured {citation.seen_at.isoformat()}" if citation.seen_at else None,
        f"SHA-256 {citation.content_hash}" if citation.content_hash else "bytes not kept",
        *(f"of a further page {part}" for part in citation.part_hashes),
        f"not found any more {citation.gone_at.isoformat()}" if citation.gone_at else None,
    )
    text = "; ".join(filter(None, facts))
    return text[0].upper() + text[1:]


def _module(style: str) -> ModuleType:
    return import_module(f"{__name__}.{style.replace('-', '_')}")
