"""A telephone number has the length of its kind, and is never shown in a form that nobody typed."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.catalogue.problems import Refused
from madoguchi.catalogue.questions.contact import cleaned_phone, shown_phone

TAKEN = [
    ("090-1234-5678", "+819012345678"), ("080 1234 5678", "+818012345678"), ("07012345678", "+817012345678"),
    ("060-1234-5678", "+816012345678"), ("050-1234-5678", "+815012345678"), ("0120-123-456", "+81120123456"),
    ("0800-123-4567", "+818001234567"), ("0570-012-345", "+81570012345"), ("03-1234-5678", "+81312345678"),
    ("(045)210-1111", "+81452101111"), ("01267-2-1234", "+81126721234"), ("06-6123-4567", "+81661234567"),
    ("+81 90 1234 5678", "+819012345678"), ("+81(0)90-1234-5678", "+819012345678"),
    ("\u202a090-1234-5678\u202c", "+819012345678"),
    ("０９０ー１２３４ー５６７８", "+819012345678"), ("+1 212 555 0100", "+12125550100"),
    ("+44 (0)20 7946 0018", "+442079460018"),
    ("＋８２ ２ ３１２ ３４５６", "+8223123456"),
]  # fmt: skip
REFUSED = [
    "090-1234-567", "090-1234-56789", "080-123-4567", "070123456", "050-123-4567", "0120-123-4567", "0120-12-345",
    "0800-123-456", "03-1234-567", "03-1234-56789", "110", "119", "1234-5678", "010-1-212-555-0100", "030-123-4567",
    "+81 90 1234 567", "+1 212 555", "+999 123 4567", "1-800-FLOWERS", "0120-FLOWER", "03-1234-5678 ext. 9",
    "tel:0312345678", "090-1234-5678 / 03-1234-5678", "90-1234-5678", "٠٩٠١٢٣٤٥٦٧٨", "090-1234-567²", "＋", "-", "()",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "stored"), TAKEN)
def test_a_number_of_the_right_length_is_taken(typed, stored):
    assert cleaned_phone(typed) == stored


@pytest.mark.parametrize("typed", REFUSED)
def test_any_other_is_refused(typed):
    with pytest.raises(Refused) as refused:
        cleaned_phone(typed)
    assert refused.value.code == "not-a-phone"


@pytest.mark.parametrize(("stored", "shown"), [("+819012345678", "090-1234-5678"), ("+12125550100", "+1 212-555-0100")])
def test_a_number_is_shown_as_people_here_write_it(stored, shown):
    assert shown_phone(stored) == shown


kinds = st.sampled_from(["090", "080", "070", "050", "0120", "0800", "0570", "03", "045", "06", "011", "0467"])


@given(kinds, st.text(alphabet="0123456789", min_size=4, max_size=10))
def test_what_is_taken_can_be_dialled_and_comes_back_the_same(prefix, rest):
    try:
        stored = cleaned_phone(prefix + rest)
    except Refused:
        return
    number = phonenumbers.parse(stored)
    assert phonenumbers.is_possible_number(number)
    assert len(prefix + rest) == (11 if prefix in {"090", "080", "070", "050", "0800"} else 10)
    assert shown_phone(stored).replace("-", "") == prefix + rest
    assert cleaned_phone(shown_phone(stored)) == cleaned_phone(stored) == stored


@given(st.text() | st.text(alphabet="0123456789０９+-() .#;", max_size=20))
def test_any_text_is_a_number_nothing_or_refused(typed):
    try:
        stored = cleaned_phone(typed)
    except Refused:
        return
    assert stored is None or cleaned_phone(shown_phone(stored)) == stored
