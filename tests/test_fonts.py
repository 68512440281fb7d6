"""Which font a picture is drawn with."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

from tests.pictured import made_font
from yaowen.pictures.fonts import NoFont, font_for


def test_signs_that_the_font_lacks_are_left_out_and_letters_are_not(tmp_path: Path) -> None:
    font = made_font(tmp_path / "ours.ttf", "Yaowen Test", "图书馆")
    found = font_for(["图书馆 😀→"], font)
    assert (found.families.split(",")[0], found.lacking) == ("Yaowen Test", frozenset("😀→"))
    with pytest.raises(NoFont, match=r"holds no font with 文 \(U\+6587\), 𠮷 \(U\+20BB7\)\. Install one"):
        font_for(["图书馆", "𠮷文"], font)
    assert font_for(["abc é…"]).file is None


def test_of_a_collection_the_face_of_mainland_china_is_taken_and_of_several_files_the_fullest(tmp_path: Path) -> None:
    names = ("Test Mono SC", "Test JP", "Test SC")
    collection = TTCollection()
    collection.fonts = [TTFont(made_font(tmp_path / f"{name}.bin", name, "图书")) for name in names]
    collection.save(tmp_path / "all.ttc")
    assert font_for(["图书"], tmp_path / "all.ttc").families.startswith("Test SC,")
    (tmp_path / "broken.ttf").write_bytes((tmp_path / "all.ttc").read_bytes()[:300])
    made_font(tmp_path / "other.otf", "Test Other", "图书馆")
    assert font_for(["图书馆"], tmp_path).families.startswith("Test Other,")


def test_an_installed_font_is_found_where_there_is_one() -> None:
    try:
        found = font_for(["运河边的图书馆"])
    except NoFont as error:
        pytest.skip(error.message)
    assert found.file is not None
    assert found.file.exists()
