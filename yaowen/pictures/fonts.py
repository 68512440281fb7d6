"""A font that has the characters of a picture: one that is installed, or one that was named."""

import os
import shutil
import struct
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from click import ClickException
from fontTools.ttLib import TTCollection, TTFont, TTLibError

LATIN = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"
"""For what has no other letters; the first of them comes with vl-convert."""
CHINESE = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, WenQuanYi Micro Hei, sans-serif"
"""What a reader's machine may have."""
_KNOWN = (
    *("notosanscjk", "notosanssc", "sourcehansans", "pingfang", "hiragino sans gb", "msyh", "wqy-microhei"),
    *("wqy-zenhei", "stheiti", "simhei", "deng", "droidsansfallback", "simsun", "notoserifcjk", "sourcehanserif"),
    *("uming", "ukai", "arial unicode", "unifont"),
)
"""Beginnings of the names of files that have Chinese, those that read best on a chart first."""
_NOT_REGULAR = (
    "bold",
    "black",
    "heavy",
    "light",
    "thin",
    "medium",
    "italic",
    "oblique",
    "mono",
    "wght",
    "variable",
    "-vf",
)
_SUFFIXES = frozenset({".ttf", ".ttc", ".otf", ".otc"})
_UNREADABLE = (TTLibError, OSError, struct.error, ValueError, KeyError, IndexError, AssertionError, AttributeError)
"""What fontTools raises at files that are none, or broken ones."""
_NAMED = 5
"""Missing characters that are told."""


class NoFont(ClickException):
    """No font has the letters; the message says which, and how to get one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """One face of a font's file."""

    file: Path
    family: str
    characters: frozenset[str]
    """Of those asked for, the ones that it has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Font:
    """What a picture is drawn with."""

    families: str
    """As in CSS, the first one has the letters."""
    file: Path | None = None
    """``None`` where any will do."""
    lacking: frozenset[str] = frozenset()
    """Signs, no letters, that no font that was looked at has."""


def font_for(texts: Iterable[str], named: Path | None = None) -> Font:
    """The font to draw these with, from the file or folder that is named, or from those of this machine.

    Raises ``NoFont`` where it lacks letters; signs, such as emoji, may be lacking.
    """
    characters = {character for text in texts for character in text if _is_special(character)}
    if not characters and not named:
        return Font(families=LATIN)
    files = _files_of(named) if named else installed()
    letters = {character for character in characters if unicodedata.category(character)[0] in "LN"}
    best, found = None, set[str]()
    for face in (face for file in sorted(files, key=_rank) for face in _faces(file, characters)):
        found |= face.characters
        if best is None or len(face.characters & letters) > len(best.characters & letters):
            best = face
        if face.characters >= letters:
            break
    if best is None or not found >= letters:
        raise NoFont(_sentence(letters - found, named))
    return Font(families=f"{best.family}, {CHINESE}", file=best.file, lacking=frozenset(characters - found))


def installed() -> Iterator[Path]:
    """The font files of this machine: those that fontconfig knows, or those in the usual folders."""
    program = shutil.which("fc-list")
    if program:
        command = [program, "--format", "%{file}\n"]
        told = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - nothing of it comes from pages
        known = {Path(os.fsdecode(line)) for line in told.stdout.splitlines()}
        if known:
            return (file for file in known if file.suffix.lower() in _SUFFIXES)
    return (file for folder in _folders() for file in _files_of(folder))


def _folders() -> Iterator[Path]:
    home, data = Path.home(), os.environ.get("XDG_DATA_HOME")
    yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts")
    yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    windows, local = os.environ.get("WINDIR"), os.environ.get("LOCALAPPDATA")
    yield from ([Path(windows) / "Fonts"] if windows else [])
    yield from ([Path(local) / "Microsoft/Windows/Fonts"] if local else [])
    yield from ([Path(data) / "fonts"] if data else [])


def _files_of(place: Path) -> Iterator[Path]:
    """A file, or the font files in a folder."""
    if place.is_file():
        return iter((place,))
    return (file for file in place.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file())


def _rank(file: Path) -> tuple[int, bool, str]:
    """Where a file stands among all: what draws Chinese well first, in its regular weight."""
    name = file.stem.lower()
    place = next((number for number, known in enumerate(_KNOWN) if name.startswith(known)), len(_KNOWN))
    return place, any(word in name for word in _NOT_REGULAR), str(file)


def _faces(file: Path, characters: set[str]) -> Iterator[Face]:
    """The faces of a file, those of mainland China first and those of one width last; none of what is no font."""
    try:
        with file.open("rb") as opened:
            fonts = TTCollection(opened, lazy=True).fonts if _is_collection(opened) else [TTFont(opened, lazy=True)]
            for family, font in sorted(
                ((_family(font), font) for font in fonts), key=lambda one: _rank_in_file(one[0])
            ):
                cmap = font.getBestCmap() or {}
                has = frozenset(character for character in characters if ord(character) in cmap)
                yield Face(file=file, family=family, characters=has)
    except _UNREADABLE:
        return


def _family(font: TTFont) -> str:
    return str(font["name"].getBestFamilyName())


def _rank_in_file(family: str) -> tuple[bool, bool]:
    return "Mono" in family, not family.endswith((" SC", " GB"))


def _is_collection(opened: BinaryIO) -> bool:
    start = opened.read(4)
    opened.seek(0)
    return start == b"ttcf"


def _is_special(character: str) -> bool:
    """Whether not every font has it.

    >>> [_is_special(character) for character in "aé…图→"]
    [False, False, False, True, True]
    """
    return character > "\u024f" and not "\u2010" <= character <= "\u2027"


def _sentence(missing: set[str], named: Path | None) -> str:
    some = [f"{character} (U+{ord(character):04X})" for character in sorted(missing)[:_NAMED]]
    more = f" and {len(missing) - _NAMED:,} more characters" if len(missing) > _NAMED else ""
    where = f"{named} holds no font with" if named else "No font of this machine has"
    return (
        f"{where} {', '.join(some)}{more}. Install one that does, such as Debian's fonts-noto-cjk or"
        " fonts-wqy-microhei, or name its file with --font; an .html file needs none"
    )
