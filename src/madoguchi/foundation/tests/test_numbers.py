from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.foundation.numbers import NumberRefused, read_number, read_yen, with_unit

FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("52", "52"), ("52.5", "52.5"), ("1,000", "1000"), ("12,345,678.90", "12345678.90"), ("-5", "-5"),
        ("５２．５", "52.5"), ("１，０００", "1000"), ("\u3000120 ", "120"), ("\u202a120\u202c", "120"),
        ("1\u200b20", "120"), ("−5", "-5"), ("007", "7"),
    ],
)  # fmt: skip
def test_a_number_as_people_write_it_is_read(typed, number):
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    [
        "52,5", "1 2", "1,,000", ",5", "1,00", "1,0000", "1000,000", "0,123", "1,000,", "1.000,5", "5.", ".5", "+5",
        "5²", "①", "½", "٣", "十", "1e5", "0x1", "1_000", "1'000", "--5", "5-", "1-2", "120円", "1，2", "1　2", "1\t2",
        "1\n2", "1" * 16, "9" * 100_000, "nan", "Infinity", "𝟏", "\u2800" + "5",
    ],
)  # fmt: skip
def test_what_could_mean_two_things_is_refused(typed):
    with pytest.raises(NumberRefused):
        read_number(typed)


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "\u3164\u2060", "\u2800", " " * 1000])
def test_where_the_eye_sees_nothing_there_is_no_number(typed):
    assert read_number(typed) is None
    assert read_yen(typed) is None


@pytest.mark.parametrize("typed", ["1200", "1,200円", "¥1,200", "￥１，２００", "\\1200", "1200 円"])
def test_an_amount_may_carry_its_sign(typed):
    assert read_yen(typed) == 1200


@pytest.mark.parametrize("typed", ["1円2", "¥¥5", "5¥", "円5", "1200円円", "円", "¥", "12,00円", "無料"])
def test_a_sign_in_another_place_is_refused(typed):
    with pytest.raises(NumberRefused):
        read_yen(typed)


@given(st.decimals(-(10**14), 10**14, places=3))
def test_every_number_is_read_back_plain_grouped_and_full_width(number):
    for typed in (f"{number:f}", f"{number:,f}"):
        assert read_number(typed) == number
        assert read_number(typed.translate(FULL_WIDTH)) == number


@given(st.text() | st.text(alphabet="0123456789０９,，. 　-−²½円¥\u200b\u202a", max_size=12))
def test_any_text_is_a_number_nothing_or_refused_and_no_digit_is_lost(typed):
    try:
        number = read_number(typed)
    except NumberRefused:
        return
    if number is not None:
        digits = "".join(str(int(one)) for one in typed if one.isdecimal())
        assert f"{abs(number):f}".replace(".", "").lstrip("0") == digits.lstrip("0")


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("枚", "6,630枚"), ("sheets", "6,630 sheets"), (" sheets", "6,630 sheets"), ("%", "6,630%"), ("m²", "6,630 m²"),
        ("㎡", "6,630㎡"), ("°C", "6,630 °C"), ("", "6,630"),
    ],
)  # fmt: skip
def test_a_unit_in_latin_letters_stands_apart_from_its_number(unit, written):
    assert with_unit("6,630", unit) == written
