"""Numbers of things, for a person to read."""

from collections.abc import Mapping


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "page"), counted(0, "address"), counted(1_234, "page")
    ('1 page', '0 addresses', '1,234 pages')
    """
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{ending}"


def counted_each(counts: Mapping[str, int]) -> str:
    """How many of what, where the names are plurals; what there is none of is passed over.

    >>> counted_each({"articles": 1, "chapters": 1_234, "pruned": 0})
    '1 article, 1,234 chapters'
    """
    given = ((count, name if count > 1 else name.removesuffix("s")) for name, count in counts.items() if count)
    return ", ".join(f"{count:,} {name}" for count, name in given) or "nothing"
