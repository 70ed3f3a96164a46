import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.foundation import text
from madoguchi.foundation.text import TextRefused, clean, has_my_number, is_katakana, katakana, narrow

MY_NUMBER = "621498320257"
CORPORATE_NUMBER = "5835678256246"

anything = st.text(st.characters(exclude_categories=["Cc", "Cs"]))


@pytest.mark.parametrize("name", ["髙橋", "山﨑", "𠮷田", "葛\U000e0100城", "\ufa19谷", "福\ufa1b", "👩\u200d🍳"])
def test_a_name_is_stored_exactly_as_it_was_written(name):
    assert clean(name) == name


def test_outer_whitespace_goes_and_inner_whitespace_stays():
    assert clean("\u3000 山田\u3000太郎 \t\r\n") == "山田\u3000太郎"


def test_letters_with_separate_marks_are_composed():
    assert clean("か\u3099") == "が"


def test_every_line_end_becomes_one_kind():
    assert clean("a\r\nb\rc\u2028d\n", multiline=True) == "a\nb\nc\nd"


def test_tabs_are_kept_in_long_text():
    assert clean("a\tb", multiline=True) == "a\tb"


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\ud800b", "\x00", "a\uffffb"])
@pytest.mark.parametrize("multiline", [False, True])
def test_control_characters_and_lone_surrogates_are_refused(bad, multiline):
    with pytest.raises(TextRefused) as refused:
        clean(bad, multiline=multiline)
    assert refused.value.code == "control-character"


@pytest.mark.parametrize("bad", ["a\nb", "a\tb", "a\rb", "a\u2028b"])
def test_a_line_end_or_tab_is_refused_in_a_single_line(bad):
    with pytest.raises(TextRefused) as refused:
        clean(bad)
    assert refused.value.code == "control-character"


@pytest.mark.parametrize("control", [*map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])])
def test_direction_controls_are_refused(control):
    with pytest.raises(TextRefused) as refused:
        clean(f"a{control}b", multiline=True)
    assert refused.value.code == "direction-control"


UNREADABLE = {
    "private use": "\ue000", "private use above": "\U000f0000", "a lost character": "\ufffd", "a picture": "\ufffc",
    "a noncharacter": "\ufdd0", "the last of a plane": "\U0002ffff", "unassigned": "\u0378",
    "unassigned above": "\U000dffff",
}  # fmt: skip


@pytest.mark.parametrize("bad", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("multiline", [False, True])
def test_what_no_other_machine_reads_is_refused_with_its_place(bad, multiline):
    with pytest.raises(TextRefused) as refused:
        clean(f" 高{bad}田", multiline=multiline)
    assert (refused.value.code, refused.value.place) == ("unreadable-character", 2)


@pytest.mark.parametrize("ideograph", ["\U00020bb7", "\U000323af", "\U0002ebf0", "\U0002a6df"])
def test_an_ideograph_that_is_newer_than_the_table_is_kept(ideograph):
    assert clean(ideograph) == ideograph


@given(anything)
def test_cleaning_twice_changes_nothing(value):
    try:
        once = clean(value)
    except TextRefused:
        return
    assert clean(once) == once


def test_full_width_numbers_become_half_width():
    assert narrow("０９０－１２３４ー５６７８") == "090-1234-5678"


@pytest.mark.parametrize("dash", "−‐‑–—―ー－ｰ")
def test_every_dash_becomes_a_hyphen_in_a_number(dash):
    assert narrow(f"100{dash}0001") == "100-0001"


def test_an_address_for_mail_becomes_half_width():
    assert narrow("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ") == "taro@example.jp"


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("やまだ", "ヤマダ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("ﾊﾟﾝ･ﾔ", "パン・ヤ"),
        ("う゛ぁ", "ヴァ"),
        ("ハ゛イオ", "バイオ"),
        ("ﾊﾞｲｵ", "バイオ"),
        ("ハﾞイオ", "バイオ"),
        ("は゜ん", "パン"),
        ("ジャン＝リュック", "ジャン＝リュック"),
        ("ジャン゠リュック", "ジャン＝リュック"),
        ("ジャン=リュック", "ジャン＝リュック"),
        ("ジョン･スミス", "ジョン・スミス"),
        ("ジョン·スミス", "ジョン・スミス"),
        ("か\u3099", "ガ"),
        ("らーめん", "ラーメン"),
        ("コ-ヒ−", "コーヒー"),
        ("いすゞ", "イスヾ"),
    ],
)
def test_any_kana_becomes_a_katakana_reading(typed, reading):
    assert katakana(typed) == reading


@given(anything)
def test_making_katakana_twice_changes_nothing(value):
    assert katakana(katakana(value)) == katakana(value)


@pytest.mark.parametrize(
    "reading",
    ["ヤマダ", "ヤマダ タロウ", "ヤマダ\u3000タロウ", "ジョン・ラーメン", "ジャン＝リュック", "ヴァ", "ㇰ", "ガ"],
)
def test_katakana_with_spaces_and_marks_is_a_reading(reading):
    assert is_katakana(reading)


@pytest.mark.parametrize(
    "other", ["", " ", "ー", "＝", "アア゛", "やまだ", "ﾔﾏﾀﾞ", "山田", "ヤマダA", "ヤマダ\n", "ヤマダ1"]
)
def test_anything_else_is_no_reading(other):
    assert not is_katakana(other)


@pytest.mark.parametrize(
    "written",
    [
        MY_NUMBER,
        "6214 9832 0257",
        "6214-9832-0257",
        "６２１４９８３２０２５７",
        "６２１４　９８３２　０２５７",
        "６２１４ー９８３２−０２５７",
        f"番号は{MY_NUMBER}です",
        f"1 {MY_NUMBER}",
        f"{CORPORATE_NUMBER} と {MY_NUMBER}",
    ],
)
def test_a_my_number_is_found_however_it_is_written(written):
    assert has_my_number(written)


@pytest.mark.parametrize(
    "written",
    [
        "621498320258",
        f"1{MY_NUMBER}",
        f"{MY_NUMBER}1",
        CORPORATE_NUMBER,
        "5-8356-7825-6246",
        f"5-{MY_NUMBER}",
        "6214-9832-0257-0000",
        "0000 6214 9832 0257",
        "62149-8320257",
        "090-1234-5678",
        "",
    ],
)
def test_other_numbers_are_no_my_number(written):
    assert not has_my_number(written)


@given(st.integers(0, 10**12 - 1))
def test_no_thirteen_digit_number_is_taken_for_a_my_number(number):
    assert not has_my_number(f"7{number:012d}")


@given(anything, anything)
def test_a_my_number_is_found_inside_any_text_without_digits_or_dashes(before, after):
    frame = [
        side if not any(c.isnumeric() or c in text.DASHES for c in narrow(side)) else "、" for side in (before, after)
    ]
    assert has_my_number(f"{frame[0]}番号{MY_NUMBER}番{frame[1]}")
