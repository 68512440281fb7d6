"""What counts as the same character, and which characters are written without spaces between words."""

import re
import unicodedata
from functools import cache
from importlib import resources
from itertools import chain

# Most frequent first: SQLite's GLOB and Python's re read the same ranges, GLOB one after the other.
RUN = (
    "\u4e00-\u9fff"  # Han
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e"  # Hangul
    "\u3400-\u4dbf\u3005-\u3007\u3021-\u3029\uf900-\ufaff\u2f00-\u2fd5"  # rarer Han, 々〆〇, compatibility forms
    "\u3105-\u312f\u31a0-\u31bf"  # Bopomofo
    "\uff66-\uffdc"  # half-width kana and Hangul
    "\U00020000-\U000323af"  # Han beyond the basic plane, in names of people and places
)
"""Ranges of characters that are searched by pairs; the index holds them, so a change needs a migration."""

_IN_RUN = re.compile(f"[{RUN}]")
_FOLDABLE = (range(0x20, 0x3400), range(0xA000, 0xAC00), range(0xF900, 0x20000), range(0x2F800, 0x2FA20))
"""Where Unicode has capitals, widths and compatibility forms: all but the great blocks of Han and Hangul."""


@cache
def folds() -> dict[str, str]:
    """Every character that is searched as another one: full-width, capital, accented Latin, traditional.

    One character always becomes one, so a place in the folded text is the same place in the original. Folding twice
    changes nothing more, and no character enters or leaves the ranges of ``RUN``.
    """
    characters = chain(map(chr, chain.from_iterable(_FOLDABLE)), _simplifications())
    return {character: folded for character in characters if (folded := _fold(character)) != character}


def _fold(character: str) -> str:
    folded = character
    while (following := _simplified(_plain(folded))) != folded:
        folded = following
    return folded if bool(_IN_RUN.match(character)) == bool(_IN_RUN.match(folded)) else character


def _plain(character: str) -> str:
    """Half-width, small, without accents if Latin: ``Ａ`` and ``Á`` become ``a``."""
    compatible = _one(unicodedata.normalize("NFKC", character), character)
    decomposed = unicodedata.normalize("NFD", compatible)
    if decomposed[0].isascii() and all(map(unicodedata.combining, decomposed[1:])):
        compatible = decomposed[0]
    return _one(compatible.lower(), compatible)


def _one(folded: str, character: str) -> str:
    # "㎡" would become "m2" and "İ" would become two characters: all offsets behind them would move.
    return folded if len(folded) == 1 else character


def _simplified(character: str) -> str:
    return _simplifications().get(character, character)


@cache
def _simplifications() -> dict[str, str]:
    """Traditional, Taiwan and Hong Kong forms -> the simplified one.

    What is simplified stays as it is, so that other programs may search the index as people write:
    么 does not become 幺, its form in Taiwan's table, and the pair 擡 抬 meets in 抬.
    """
    table = _table("TSCharacters.txt")
    simplified = frozenset(table.values())
    for variant, standard in (_table("TWVariantsRev.txt") | _table("HKVariantsRev.txt")).items():
        target = table.get(standard, standard)
        if variant == target or variant in table or variant in simplified:
            continue
        source, target = (variant, target) if _is_common(target) else (target, variant)
        table[source] = target
    return table


def _is_common(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) > 0
    except UnicodeEncodeError:
        return False


def _table(name: str) -> dict[str, str]:
    text = resources.files("opencc").joinpath("dictionary", name).read_text("utf-8")
    rows = (line.split() for line in text.splitlines())
    return {row[0]: row[1] for row in rows if len(row) > 1 and len(row[0]) == len(row[1]) == 1}
