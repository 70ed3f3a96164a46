"""The database folds names as Python does, so that what is typed finds what was written."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.cases.models import Case
from madoguchi.cases.names import name_key
from madoguchi.foundation.folding import LOOKS, MEANS, fold
from madoguchi.platform.sql.folding import FOLD_IN_SQL
from tests import town

pytestmark = pytest.mark.django_db
WRITTEN = [
    "髙橋 結衣",
    "﨑山　一郎",
    "𠮷野家商店",
    "葛\U000e0100城 誠",
    "たかはし商店",
    "ﾀｶﾊｼ ﾕｲ",
    "ＡＢＣ株式会社",
    "㍿みなと",
    "斎藤・齋藤・齊藤",
    "一ヶ谷",
    "⻑⾕川 ハ゛ンビ",
    "ラ−メン １‐２ 10～12",
    "O’Brien José Straße Ñ",
    "김민준 赵丽颖 Nguyễn Thị Ánh",
    "",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_the_database_folds_as_python_does(written):
    case = town.applied()
    Case.objects.filter(pk=case.pk).update(title=written)
    assert Case.objects.get(pk=case.pk).name_key == name_key(written)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("高橋", "髙橋 結衣"),
        ("高橋結衣", "髙橋　結衣"),
        ("タカハシ", "ﾀｶﾊｼ ﾕｲ"),
        ("タカハシ", "たかはし商店"),
        ("吉野", "𠮷野家商店"),
        ("葛城", "葛\U000e0100城 誠"),
        ("ａｂｃ", "ABC株式会社"),
        ("株式会社みなと", "㍿みなと"),
        ("長谷川", "⻑⾕川 誠"),
        ("バンク", "ハ゛ンク商会"),
        ("1-2", "スタジオ１ー２"),
    ],
)
def test_what_is_typed_finds_what_was_written(typed, written):
    case = town.applied()
    Case.objects.filter(pk=case.pk).update(title=written)
    assert Case.objects.filter(name_key__contains=name_key(typed)).get() == case


NUMBERED = "unnest(%s::text[]) WITH ORDINALITY AS given (one, place)"
LETTERS = (
    st.sampled_from([*map(chr, LOOKS), *map(chr, MEANS), *"アガハーあが漢-～゛゜'Aé김丽 \u200b\ufe00\U000e0100"])
    | st.characters(min_codepoint=0x20, max_codepoint=0x24F)
    | st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF)
    | st.characters(min_codepoint=0xF900, max_codepoint=0xFFEF)
).filter(lambda one: one not in "İŉǰ")  # three of which `lower` makes two characters in Python only


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(LETTERS, max_size=30), min_size=50, max_size=50))
def test_whatever_is_written_the_database_and_python_fold_it_alike(texts):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT madoguchi_fold(one) FROM {NUMBERED} ORDER BY place", [texts])
        assert [folded for (folded,) in cursor.fetchall()] == [fold(one) for one in texts]


def test_the_last_migration_of_the_folding_holds_the_tables_as_they_are():
    """Control: a variant more, and this is red until a migration makes the function and the columns anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'madoguchi_fold'")
        ((kept,),) = cursor.fetchall()
    assert kept in FOLD_IN_SQL


def test_a_percent_sign_is_looked_for_and_not_a_wildcard():
    town.applied()
    assert not Case.objects.filter(name_key__contains=name_key("%")).exists()
