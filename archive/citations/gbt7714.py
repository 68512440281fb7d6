"""GB/T 7714-2015, in the numeric system (顺序编码制).

A page of a news site is an electronic resource of type EB (电子公告), as the standard itself cites one in A.10: N, that
of newspapers, calls for a newspaper's name, issue and page (4.4). Place and publisher are left out as in A.10, and so
is the author where none is named (8.1.3). The date in square brackets (引用日期) is that of the look that showed the
text. In square brackets at the end stands what the standard has no place for: they are its mark for what the one who
cites has added (7.2).
"""

from collections.abc import Sequence

from archive.citations import Citation, provenance
from archive.names import Name, name_of, syllables

MOST_AUTHORS = 3
_AND_OTHERS = {"zh": "等", "ja": "他", "ko": "외"}


def cite(citation: Citation) -> str:
    """The entry without its number."""
    is_chinese = citation.written_in == "zh"
    published = f"({citation.published_at.date()})" if citation.published_at else ""
    seen = f"[{citation.seen_at.date()}]" if citation.seen_at else ""
    title = citation.title or ("[无题名]" if is_chinese else "[Untitled]")
    elements = (
        _authors(citation),
        f"{title}[EB/OL]",
        published + seen,
        citation.url,
        f"[{_provenance(citation) if is_chinese else provenance(citation)}]",
    )
    return ". ".join(filter(None, elements)) + "."


def bibliography(entries: Sequence[str]) -> str:
    """The entries, a line each, numbered where there are several."""
    if len(entries) == 1:
        return f"{entries[0]}\n"
    return "".join(f"[{number}] {entry}\n" for number, entry in enumerate(entries, start=1))


def _authors(citation: Citation) -> str:
    names = [_written(name_of(author)) for author in citation.authors[:MOST_AUTHORS]]
    if len(citation.authors) > MOST_AUTHORS:
        names.append(_AND_OTHERS.get(citation.written_in, "et al"))
    return ", ".join(names)


def _written(name: Name) -> str:
    """The family name in capitals, the given ones as initials without points."""
    if not name.given:
        return name.family
    parts = [part for word in name.given_parts for part in word]
    if name.is_pinyin:
        parts = [syllable for part in parts for syllable in syllables(part)]
    initials = " ".join(part[0].upper() for part in parts)
    return f"{name.family.upper()} {initials}" + (f", {name.suffix.rstrip('.')}" if name.suffix else "")


def _provenance(citation: Citation) -> str:
    """What vouches for the text, in Chinese."""
    facts = (
        f"来源：{citation.named_source}" if citation.named_source else None,
        f"存档第{citation.revision}版，共{citation.revisions}版" if citation.revision else None,
        f"抓取时间：{citation.seen_at.isoformat()}" if citation.seen_at else None,
        f"SHA-256：{citation.content_hash}" if citation.content_hash else "未存网页字节",
        *(f"续页：{part}" for part in citation.part_hashes),
        f"已不可访问：{citation.gone_at.isoformat()}" if citation.gone_at else None,
    )
    return "；".join(filter(None, facts))
