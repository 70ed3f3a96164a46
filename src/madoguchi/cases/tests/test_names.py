"""The database folds names as Python does, so that what is typed finds what was written."""

import pytest

from madoguchi.cases.models import Case
from madoguchi.cases.names import name_key
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
    ],
)
def test_what_is_typed_finds_what_was_written(typed, written):
    case = town.applied()
    Case.objects.filter(pk=case.pk).update(title=written)
    assert Case.objects.filter(name_key__contains=name_key(typed)).get() == case


def test_a_percent_sign_is_looked_for_and_not_a_wildcard():
    town.applied()
    assert not Case.objects.filter(name_key__contains=name_key("%")).exists()
