import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.foundation.identifiers import (
    ALPHABET,
    is_corporate_number,
    new_id,
    new_reference,
    new_secret,
    parse_reference,
)

references = st.builds(lambda _: new_reference(), st.integers())


def test_a_reference_is_eleven_plain_characters_in_three_groups():
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{3}}", new_reference())


@given(references)
def test_a_reference_is_read_however_it_is_typed(reference):
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else "ー" for c in reference)
    confused = reference.replace("0", "O").replace("1", "l")
    for typed in (reference, reference.lower(), reference.replace("-", ""), f" {reference} ", wide, confused):
        assert parse_reference(typed) == reference


@given(references, st.integers(0, 10), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(reference, position, wrong):
    typed = list(reference.replace("-", ""))
    if typed[position] != wrong:
        typed[position] = wrong
        assert parse_reference("".join(typed)) is None


@given(references, st.integers(0, 10), st.integers(0, 10))
def test_two_swapped_characters_are_always_found(reference, one, other):
    typed = list(reference.replace("-", ""))
    if typed[one] != typed[other]:
        typed[one], typed[other] = typed[other], typed[one]
        assert parse_reference("".join(typed)) is None


@given(st.text())
def test_any_text_can_be_tried_as_a_reference(text):
    found = parse_reference(text)
    assert found is None or parse_reference(found) == found


@pytest.mark.parametrize("text", ["", "ABC", "U" * 11, "0" * 10, "0" * 100, "あ" * 11])
def test_what_is_no_reference_is_none(text):
    assert parse_reference(text) is None


def test_a_secret_of_160_bits_has_32_lower_case_characters():
    assert re.fullmatch("[a-z2-7]{32}", new_secret())
    assert new_secret() != new_secret()


@pytest.mark.parametrize("bits", [1, 8, 128, 161, 256])
def test_a_secret_holds_at_least_the_bits_asked_for(bits):
    assert len(new_secret(bits)) * 5 >= bits


def test_ids_are_version_7_and_never_repeat():
    ids = [new_id() for _ in range(1000)]
    assert {found.version for found in ids} == {7}
    assert len(set(ids)) == 1000


def test_ids_are_ordered_by_time(monkeypatch):
    moments = iter(range(1_790_000_000_000_000_000, 1_790_000_000_000_100_000, 1000))
    monkeypatch.setattr("time.time_ns", lambda: next(moments))
    assert all(earlier < later for earlier, later in pairwise(new_id() for _ in range(100)))


@pytest.mark.parametrize("number", ["7000012050002", "5835678256246"])
def test_a_corporate_number_is_recognised(number):
    assert is_corporate_number(number)


@pytest.mark.parametrize(
    "number",
    ["", "7000012050003", "700001205000", "７０００012050002", "7-0000-1205-0002", " 7000012050002", "²000012050002"],
)
def test_what_is_no_corporate_number_is_refused(number):
    assert not is_corporate_number(number)
