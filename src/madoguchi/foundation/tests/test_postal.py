"""Every code of the whole table gives places that can stand in an address, and no more than its places share."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.foundation.japan_post import entries
from madoguchi.foundation.postal import (
    PREFECTURES,
    lies_in_municipality,
    lies_in_prefecture,
    places,
    prefecture_of,
    shared,
)

NO_NAME = re.compile("[（）()〔〕「」<>＜＞〜～、。,−]|場合|以下に掲載|の次に|[0-9０-９]+階|を除く|番地がくる")


@pytest.fixture(scope="module")
def table():
    """Every code of Japan Post's table: the prefectures and municipalities of its rows, and the places we answer."""
    return {code: ({(row["prefecture"], row["city"]) for row in rows}, places(code)) for code, rows in entries()}


def test_every_code_of_the_table_gives_places_without_remarks(table):
    assert len(table) > 140_000
    assert [
        (code, place) for code, (_where, found) in table.items() for place in found if NO_NAME.search(place.name)
    ] == []


def test_every_code_keeps_all_its_municipalities_and_claims_no_more_than_they_share(table):
    for where, found in table.values():
        assert {(place.prefecture, place.municipality) for place in found} == where
        prefecture, town = shared(found)
        assert bool(prefecture) == (len({one for one, _city in where}) == 1)
        assert all(place.name.startswith(town) for place in found)
        assert bool(town) == (len({city for _prefecture, city in where}) == 1)


def test_no_municipality_is_named_twice(table):
    for _where, found in table.values():
        for place in found:
            assert place.town != re.sub("^.*郡", "", place.municipality)


def test_the_prefectures_are_those_of_the_table(table):
    assert len(PREFECTURES) == 47
    assert {prefecture for where, _found in table.values() for prefecture, _city in where} == set(PREFECTURES)


@pytest.mark.parametrize(
    ("code", "prefecture", "town"),
    [
        ("1000001", "東京都", "千代田区千代田"),
        ("6180000", "", ""),
        ("4090142", "山梨県", "北都留郡小菅村"),
        ("7660001", "香川県", "仲多度郡琴平町"),
        ("0295523", "岩手県", "和賀郡西和賀町"),
        ("1000301", "東京都", "利島村"),
        ("1076001", "東京都", "港区赤坂"),
        ("5220317", "滋賀県", "犬上郡多賀町一円"),
        ("8700844", "大分県", "大分市古国府"),
        ("0608621", "北海道", "札幌市中央区北一条西"),
    ],
)
def test_what_is_filled_in_is_what_all_places_share(code, prefecture, town):
    assert shared(places(code)) == (prefecture, town)


def test_the_rest_is_a_choice():
    assert [place.prefecture for place in places("6180000")] == ["京都府", "大阪府"]
    assert {"越中畑", "桂子沢"} <= {place.town for place in places("0295523")}


def test_a_code_that_nobody_uses_has_no_place():
    assert places("0000000") == ()
    assert shared(()) == ("", "")


@given(st.text(max_size=8))
def test_whatever_is_asked_is_answered(digits):
    assert isinstance(places(digits), tuple)
    assert prefecture_of(digits) in {None, *PREFECTURES}


@pytest.mark.parametrize(
    ("typed", "prefecture"),
    [("東京都", "東京都"), ("東京", "東京都"), ("Tokyo", "東京都"), ("ＴＯＫＹＯ", "東京都"), ("北海道", "北海道"),
     ("京都", "京都府"), ("大阪 府", "大阪府"), ("江戸", None), ("", None), ("北海", None)],
)  # fmt: skip
def test_a_prefecture_is_known_however_it_is_written(typed, prefecture):
    assert prefecture_of(typed) == prefecture


@pytest.mark.parametrize(
    ("code", "town", "fits"),
    [
        ("1000001", "千代田区千代田", True),
        ("1000001", "東京都千代田区", True),
        ("1000001", "札幌市中央区", False),
        ("0295523", "西和賀町越中畑", True),
        ("0295523", "和賀郡 西和賀町", True),
        ("6180000", "三島郡島本町", True),
        ("6180000", "乙訓郡大山崎町", True),
        ("6180000", "高槻市", False),
    ],
)
def test_a_town_fits_its_code_with_or_without_its_district(code, town, fits):
    assert lies_in_municipality(places(code), town) == fits


def test_a_code_on_a_border_fits_both_prefectures():
    assert lies_in_prefecture(places("6180000"), "大阪府")
    assert lies_in_prefecture(places("6180000"), "京都府")
    assert not lies_in_prefecture(places("6180000"), "北海道")
