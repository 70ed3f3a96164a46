"""An address on one line is read as it was meant, in Latin letters too."""

import pytest

from madoguchi.catalogue.questions.address import shown_address


@pytest.mark.parametrize(
    ("town", "street", "building", "line"),
    [
        ("横浜市中区", "日本大通1", "", "〒231-0021 神奈川県横浜市中区日本大通1"),
        ("横浜市中区", "1-2-3", "県庁ビル", "〒231-0021 神奈川県横浜市中区1-2-3 県庁ビル"),
        ("Naka-ku, Yokohama", "1-2-3", "Bay House", "〒231-0021 神奈川県 Naka-ku, Yokohama 1-2-3 Bay House"),
        ("横浜市中区", "Minato 1", "", "〒231-0021 神奈川県横浜市中区 Minato 1"),
    ],
)
def test_parts_are_joined_as_they_are_read(town, street, building, line):
    given = {"postal_code": "231-0021", "prefecture": "神奈川県", "town": town, "street": street, "building": building}
    assert shown_address(given) == line


def test_a_part_that_is_missing_leaves_no_gap():
    assert shown_address({"postal_code": "231-0021", "prefecture": "神奈川県"}) == "〒231-0021 神奈川県"
