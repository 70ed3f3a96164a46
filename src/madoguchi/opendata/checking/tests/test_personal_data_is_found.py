"""500 planted items of personal data are all found; clean tables give none; switched off, they pass."""

from collections import Counter

import pytest

from madoguchi.opendata.checking import search

from ...tests.clean import CLEAN
from ...tests.planted import planted

SEED, COUNT = 20261123, 500


def missed(seed, count):
    """The planted items that the scan does not find in their cell."""
    for kind, header, rows, row, column, allowed in planted(seed, count):
        found = search.scan(header, rows, facility_columns=allowed)
        if not any((one.kind, one.row, one.column) == (kind, row + 2, column) for one in found):
            yield kind, column, rows[row][header.index(column)]


def test_all_of_500_planted_items_are_found(capsys):
    lost = list(missed(SEED, COUNT))
    kinds = Counter(kind for kind, *_rest in planted(SEED, COUNT))
    with capsys.disabled():
        print(f"\n  seed {SEED}: {COUNT - len(lost)} of {COUNT} found: {dict(kinds)}", end="")
    assert lost == []


def test_the_control_with_the_detectors_switched_off_none_is_found(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "personal-data")
    assert len(list(missed(SEED, COUNT))) == COUNT


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_table_is_clean(name):
    header, rows, allowed = CLEAN[name]
    assert search.scan(header, rows, facility_columns=allowed) == []


def test_a_report_does_not_show_what_it_warns_of():
    (one,) = search.scan(["備考"], [["090-1234-5678"]])
    assert one.shown == "090-12●●●●●●●"


def test_only_what_can_be_an_offices_own_may_be_lifted():
    found = search.scan(["電話番号"], [["045-222-0101"], ["090-1234-5678"]])
    assert [(one.row, one.mistakable) for one in found] == [(2, True), (3, False)]


def test_a_mobile_number_is_found_in_a_column_of_facilities_too():
    found = search.scan(["電話番号"], [["045-222-0101 夜間 090-1234-5678"]], facility_columns=["電話番号"])
    assert [one.mistakable for one in found] == [False]
