"""Names are split where they tell their parts, and left whole elsewhere."""

import pytest

from archive.names import name_of, syllables


@pytest.mark.parametrize(
    ("printed", "family", "given", "suffix"),
    [
        ("Anna Meyer", "Meyer", "Anna", ""),
        ("Meyer, Anna", "Meyer", "Anna", ""),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig", ""),
        ("María de la Cruz", "de la Cruz", "María", ""),
        ("Augustus De Morgan", "De Morgan", "Augustus", ""),
        ("García Márquez, Gabriel", "García Márquez", "Gabriel", ""),
        ("Martin Luther King Jr.", "King", "Martin Luther", "Jr."),
        ("Martin Luther King, Jr.", "King", "Martin Luther", "Jr."),
        ("King, Martin Luther, III", "King", "Martin Luther", "III"),
        ("Иван Петров", "Петров", "Иван", ""),
        ("Li Jianning", "Li", "Jianning", ""),
        ("Jianning Li", "Li", "Jianning", ""),
        ("Wang Xiao Ming", "Wang", "Xiao Ming", ""),
        ("Ouyang Nana", "Ouyang", "Nana", ""),
    ],
)
def test_a_name_that_tells_its_parts_is_split(printed: str, family: str, given: str, suffix: str) -> None:
    name = name_of(printed)
    assert (name.family, name.given, name.suffix) == (family, given, suffix)


@pytest.mark.parametrize(
    "printed",
    [
        "林知远",
        "山田 太郎",
        "乔治·奥威尔",
        "Reuters",
        "Xinhua News Agency",
        "The Editorial Board",
        "staff writers",
        "Ma Li",  # either may be the family's
        "李娜 Li Na",
        "user_42",
        "Anna Meyer/Tom Li",
        "Anna Meyer, Tom Li, Eva Braun",
        ", ,",
        "- -",
        "A B C D E F G",
        "",
    ],
)
def test_a_name_that_does_not_stays_whole(printed: str) -> None:
    assert (name_of(printed).family, name_of(printed).given) == (printed, "")


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Xian", ("Xian",)),
        ("Xi'an", ("Xi", "an")),
        ("Xiaoming", ("Xiao", "ming")),
        ("Nana", ("Na", "na")),
        ("Zhuge", ("Zhu", "ge")),
        ("Robert", ("Robert",)),
    ],
)
def test_a_word_of_pinyin_has_a_syllable_for_each_character(word: str, found: tuple[str, ...]) -> None:
    assert syllables(word) == found
