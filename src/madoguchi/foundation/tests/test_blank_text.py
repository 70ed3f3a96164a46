"""Emptiness is what the eye sees, and what is pasted along with a code falls out of it."""

import sys
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.foundation.text import TextRefused, as_code, clean, is_blank

BLANK = [
    "\u200b", "\u2060", "\u3164", "\u2800", "\u00ad", "\u115f\u1160", "\uffa0", "\u034f", "\ufe0f", "\U000e0100",
    "\u180e",
    "\ufeff", "\u200d\u200c", "\u202a\u202c", "\u2066\u2069", "\U000e0041",
    "\u3000\u00a0\u2003", "\u2062", "\U0001d173", "",
]  # fmt: skip


@pytest.mark.parametrize("value", BLANK)
def test_a_text_in_which_the_eye_sees_nothing_is_empty(value):
    for text in (value, f" {value}\n", f"{value}\u200b{value}"):
        assert is_blank(text)
        assert clean(text) == clean(text, multiline=True) == ""


@pytest.mark.parametrize("value", ["a", "。", "\u3099", "👩\u200d🍳", "葛\U000e0100", "\ufffd", "\ue000", "\x00"])
def test_what_leaves_a_mark_is_no_emptiness(value):
    assert not is_blank(value)


def test_every_space_and_every_format_character_without_a_picture_is_blank():
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    unseen = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cf", "Zs", "Zl", "Zp"} and code not in drawn
    ]
    assert [f"{ord(one):04X}" for one in unseen if not is_blank(one)] == []


@pytest.mark.parametrize(
    "typed", ["\u202a090-1234-5678\u202c", "090-1234\u200b-5678", "\ufeff０９０－１２３４ー５６７８ "]
)
def test_format_characters_fall_out_of_a_code(typed):
    assert as_code(typed) == "090-1234-5678"


@pytest.mark.parametrize("value", ["²", "①", "½", "٣", "㈱", "ｱ"])
def test_nothing_is_silently_read_as_another_digit_or_letter(value):
    assert as_code(value) == value


@given(st.text())
def test_a_code_is_read_alike_the_second_time(value):
    assert as_code(as_code(value)) == as_code(value)


@given(st.text())
def test_what_is_not_blank_is_never_cleaned_away(value):
    if not is_blank(value) and not any(unicodedata.category(one) in {"Cc", "Cs", "Cn", "Cf", "Co"} for one in value):
        with suppress(TextRefused):  # refused with a sentence is not cleaned away
            assert clean(value)
