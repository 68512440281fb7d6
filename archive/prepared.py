"""What of the writing can be done where a page is read, so that the one process that writes has less to do."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Packed:
    """The bytes of a page as the archive keeps them."""

    sha256: str
    """In hex."""
    dictionary: int | None
    """The id of the dictionary that they are packed with."""
    body: bytes | None
    """``None`` for bytes that are kept already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Indexed:
    """What the search and the reprints know an article by."""

    title: str
    body: str
    words: tuple[str, str]
    """Of title and body, as the index holds them."""
    keys: tuple[int, ...]
    """Numbers of which like texts have one in common."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """All of it for one fetch. What does not fit any more when it is written is made anew."""

    packed: Packed
    indexed: Indexed | None = None
    """``None`` for what is no article."""
