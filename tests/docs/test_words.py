"""The words of the glossary are those of the code."""

import re

import pytest

from tests.docs.reading import DOCS, ROOT

ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in (DOCS / "explanation" / "words.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| Japanese", "|---"))
]
SOURCE = "\n".join(
    file.read_text(encoding="utf-8") for file in (ROOT / "src").rglob("*.py") if "tests" not in file.parts
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_word_has_both_languages_a_sentence_and_its_place_in_the_code(row):
    japanese, english, code, sentence = row
    assert japanese and english
    assert sentence.endswith((".", "号."))
    assert all(re.search(rf"\b{name}\b", SOURCE) for name in re.findall(r"`([^`]+)`", code))


def test_no_word_stands_twice():
    words = [word for row in ROWS for word in row[1].split(", ")]
    assert len(words) == len(set(words))
