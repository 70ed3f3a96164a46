"""What looks or means the same is found, however it was typed; nothing of it is ever stored."""

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.foundation.folding import fold, unify
from madoguchi.foundation.variants import KANJI_OF_RADICAL, PLAIN_FORM

anything = st.text(st.characters())
TYPED = "アカガハバパンヴーあがぱん漢字高髙谷⾕長⻑-ー−‐－ｰ〜～・･ﾊﾞﾟ゛゜Ａaé'’ １2　 \u200b\ufe00\U000e0100"
typed = st.text(st.sampled_from(TYPED), max_size=20)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("𠮷野家", "吉野家"),
        ("渡邉", "渡辺"),
        ("葛\U000e0100城", "葛城"),
        ("\ufa19田", "神田"),
        ("ｶﾌｪ　Ｔokyo", "かふぇ tokyo"),
        ("霞ヶ関", "霞ケ関"),
        ("Straße", "STRASSE"),
        ("⻑⾕川", "長谷川"),
        ("⻘⽊", "青木"),
        ("1−2", "1ー2"),
        ("1‐2", "1－2"),
        ("ラ−メン", "ラーメン"),
        ("ﾗｰﾒﾝ", "らーめん"),
        ("10〜12", "10～12"),
        ("ハ゛ンク", "バンク"),
        ("ﾊﾞﾝｸ", "ハ\u3099ンク"),
        ("ジャン·ポール", "ジャン・ポール"),
        ("O’Brien", "o'brien"),
        ("田\u200b中\u2060", "田中"),
        ("滝澤", "瀧沢"),
        ("José", "Jose\u0301"),
    ],
)
def test_different_spellings_of_one_word_fold_together(stored, typed):
    assert fold(stored) == fold(typed)


@pytest.mark.parametrize(
    ("one", "other"), [("ビル", "ビール"), ("1-2", "12"), ("ハハ", "ババ"), ("田中", "田上"), ("かき", "がき")]
)
def test_different_words_stay_apart(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(("one", "other"), [("Ａ", "ａ"), ("か", "カ"), ("髙", "高"), ("齋", "斎")])
def test_what_only_looks_similar_is_not_unified(one, other):
    assert unify(one) != unify(other)


@given(anything | typed)
def test_folding_twice_changes_nothing(value):
    assert fold(fold(value)) == fold(value)
    assert unify(unify(value)) == unify(value)


@given(anything | typed)
def test_what_is_unified_alike_is_folded_alike(value):
    assert fold(unify(value)) == fold(value)


@given(typed)
def test_how_a_text_is_composed_and_how_wide_it_is_does_not_matter(value):
    for form in ("NFC", "NFD", "NFKC"):
        assert fold(unicodedata.normalize(form, value.replace("゛", "").replace("゜", ""))) == fold(
            value.replace("゛", "").replace("゜", "")
        )


@pytest.mark.parametrize("table", [PLAIN_FORM, KANJI_OF_RADICAL], ids=["variants", "radicals"])
def test_every_entry_of_the_tables_falls_together_with_what_it_stands_for(table):
    for code, plain in table.items():
        assert fold(chr(code)) == fold(plain)


def test_every_kangxi_radical_is_a_kanji():
    assert not [chr(code) for code in range(0x2F00, 0x2FD6) if not fold(chr(code)) > "\u3400"]


def test_plain_words_are_left_as_they_are():
    assert fold(string.ascii_lowercase + string.digits) == string.ascii_lowercase + string.digits
