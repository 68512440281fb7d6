"""The parts of authors' names, as far as a name tells them."""

import re
from dataclasses import dataclass
from unicodedata import normalize


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """An author's name."""

    family: str
    """The whole name where nothing tells its parts: Chinese ones, pseudonyms, agencies."""
    given: str = ""
    suffix: str = ""
    """``Jr.``, ``III``."""
    is_pinyin: bool = False
    """A Chinese name in Latin letters, of which every syllable stands for a character."""

    @property
    def given_parts(self) -> tuple[tuple[str, ...], ...]:
        """The given names, each with the parts that hyphens join.

        >>> Name(family="Sartre", given="Jean-Paul C.").given_parts
        (('Jean', 'Paul'), ('C',))
        """
        words = re.split(r"[\s.]+", self.given)
        return tuple(tuple(filter(None, re.split("[-‐‑]", word))) for word in words if word.strip("-‐‑"))


def name_of(printed: str) -> Name:
    """The name that a page printed, split where its letters have capitals and its words are those of a person.

    >>> name_of("林知远").family, name_of("Ludwig van Beethoven").family, name_of("Li Jianning").family
    ('林知远', 'van Beethoven', 'Li')
    >>> name_of("Xinhua News Agency"), name_of("King, Martin Luther, Jr.").suffix
    (Name(family='Xinhua News Agency', given='', suffix='', is_pinyin=False), 'Jr.')
    """
    name = normalize("NFC", printed)
    whole = Name(family=name)
    if not _is_of_a_person(name):
        return whole
    parts = [part.strip() for part in name.split(",")]
    suffix = parts.pop() if len(parts) > 1 and _SUFFIX.fullmatch(parts[-1]) else ""
    if len(parts) == 2 and all(parts):
        return Name(family=parts[0], given=parts[1], suffix=suffix)
    words = parts[0].split()
    if not suffix and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if len(parts) > 1 or len(words) < 2 or words[0].islower():
        return whole
    return _of_pinyin(words, whole) or _western(words, suffix)


def syllables(word: str) -> tuple[str, ...]:
    """The syllables of a word in pinyin; the word itself where it is none.

    >>> syllables("Jianning"), syllables("Xi'an")
    (('Jian', 'ning'), ('Xi', 'an'))
    """
    found = _PINYIN.fullmatch(word)
    return tuple(filter(None, found.groups())) if found else (word,)


def _is_of_a_person(name: str) -> bool:
    letters = [character for character in name if character not in " .,'’-‐‑"]
    has_capitals = all(character.upper() != character.lower() for character in letters)
    is_short = 1 < len(name.replace(",", " ").split()) <= _MOST_WORDS
    return bool(letters) and has_capitals and is_short and not _OF_A_GROUP.search(name)


def _of_pinyin(words: list[str], whole: Name) -> Name | None:
    """A Chinese name has its family name first at home and last abroad: only one end may be one that is common."""
    if not all(_PINYIN.fullmatch(part) for word in words for part in word.split("-")):
        return None
    first, last = (_FAMILY_NAME.fullmatch(words[end]) for end in (0, -1))
    if first and last:
        return whole
    if first:
        return Name(family=words[0], given=" ".join(words[1:]), is_pinyin=True)
    return Name(family=words[-1], given=" ".join(words[:-1]), is_pinyin=True) if last else None


def _western(words: list[str], suffix: str) -> Name:
    start = len(words) - 1
    while start > 1 and _PARTICLE.fullmatch(words[start - 1]):
        start -= 1
    return Name(family=" ".join(words[start:]), given=" ".join(words[:start]), suffix=suffix)


_MOST_WORDS = 6
_SUFFIX = re.compile(r"[JS]r\.?|I{2,3}|IV", re.IGNORECASE)
_OF_A_GROUP = re.compile(
    r"\b(agency|and|board|bureau|committee|correspondents?|daily|desk|editors?|editorial|for|network|news|newsroom|of"
    r"|office|press|reporters?|service|staff|team|the|times|university|writers?)\b",
    re.IGNORECASE,
)
_PARTICLE = re.compile(
    r"af|al|av|bin|das?|de|del|della|den|der|di|dos?|du|el|ibn|la|le|san|st\.?|ten|ter|van|von|zu", re.IGNORECASE
)
_INITIAL = "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])"
_FINAL = (
    "(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|er|in|un|ia|ie|iu|ua|uo|ui|ue|üe|[aoeiuü])"
)
_NEXT = f"(?:({_INITIAL}{_FINAL})|['’]({_INITIAL}?{_FINAL}))??"
"""A further syllable; one without an initial stands behind an apostrophe."""
_PINYIN = re.compile(f"({_INITIAL}?{_FINAL}){_NEXT}{_NEXT}", re.IGNORECASE)
_FAMILY_NAME = re.compile(
    "bai|cai|cao|chen|cheng|cui|dai|deng|ding|dong|du|fan|fang|feng|fu|gao|gong|gu|guo|han|hao|he|hong|hou|hu|huang"
    "|jia|jiang|jin|kang|kong|lai|li|liang|lin|liu|lu|luo|ma|mao|meng|mo|nie|ning|ouyang|pan|pang|peng|qian|qin|qiu|ren"
    "|shao|shen|shi|sima|song|su|sun|tan|tang|tian|wan|wang|wei|wen|wu|xi|xia|xiang|xiao|xie|xiong|xu|yan|yang|yao|ye"
    "|yin|yu|yuan|zeng|zhang|zhao|zheng|zhong|zhou|zhu|zhuge",
    re.IGNORECASE,
)
"""Those that most people in China have, in pinyin."""
