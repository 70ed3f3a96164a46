"""What no font draws is named, and its plain form offered where it has one."""

from pathlib import Path

import pytest

from madoguchi.paper.glyphs import Points, faces, missing, plain

FONTS = Path(__file__).parents[4] / "build" / "fonts"
RARE = "葛\U000e0110"


@pytest.fixture
def known():
    return faces(FONTS)


@pytest.mark.parametrize(
    "text", ["", "髙橋", "葛\U000e0100城", "김민준", "伟", "Nguyễn", "Ёж", "𠮷", "甲\n乙", "\ufa19"]
)
def test_nothing_is_missing_of_what_the_fonts_draw(text, known):
    assert missing(text, known) == []


@pytest.mark.parametrize(
    ("text", "characters", "written_plainly"),
    [
        (f"{RARE}城 太郎", [RARE], "葛城 太郎"),
        ("田\u200b中", ["\u200b"], "田中"),
        ("สมชาย", list("สมชาย"), ""),
        ("山田\U0003134a", ["\U0003134a"], ""),
        (f"{RARE}\U0003134a{RARE}", [RARE, "\U0003134a"], ""),
    ],
)
def test_what_is_missing_is_named_once_and_its_plain_form_offered(text, characters, written_plainly, known):
    assert missing(text, known) == characters
    assert plain(text, known) == written_plainly


def test_what_is_left_out_of_an_installation_is_missing(known):
    assert missing("김伟", known[:2]) == ["김", "伟"]


def test_points_are_a_set():
    points = {0, 7, 8, 0x4E00, 0x2A6DF}
    assert {one for one in range(0x30000) if one in Points(frozenset(points))} == points
    assert 0 not in Points(frozenset())
