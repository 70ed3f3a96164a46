"""Japanese in the English wording is a fault, unless it stands so on a paper or a plate."""

import pytest

from madoguchi.catalogue.checking.wording import japanese_in

ENGLISH = [
    "The name of the shop", "Example: “6中保第123号”", 'For example "○○不動産".',
    "Rehabilitation certificate (療育手帳), if any",
    "Café, 20 ㎡ – from 9:00", "Choose 「はい」 where it applies", "",
]  # fmt: skip
JAPANESE = [
    ("店の名前", "店の名前"), ("The name of the 店", "店"), ("「店の名前」", "店の名前"), ("“店” 名", "店名"),
    ("Example: 6中保第123号", "中保第号"),
    ("ﾅﾏｴ", "ﾅﾏｴ"), ("(療育手帳)", "療育手帳"), ("Name 𠮷", "𠮷"),
]  # fmt: skip


@pytest.mark.parametrize("text", ENGLISH)
def test_english_may_quote_what_stands_in_japanese(text):
    assert japanese_in(text) == ""


@pytest.mark.parametrize(("text", "found"), JAPANESE)
def test_any_other_japanese_is_found(text, found):
    assert japanese_in(text) == found
