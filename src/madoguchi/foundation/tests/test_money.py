import pytest

from madoguchi.foundation.money import yen


@pytest.mark.parametrize(
    ("amount", "language", "written"),
    [
        (18300, "ja", "18,300円"),
        (18300, "ja-easy", "18,300円"),
        (18300, "en", "¥18,300"),
        (0, "ja", "0円"),
        (-500, "en", "-¥500"),
        (1_234_567, "ja", "1,234,567円"),
    ],
)
def test_yen_are_written_for_their_reader(amount, language, written):
    assert yen(amount, language) == written


def test_yen_are_written_in_japanese_unless_told():
    assert yen(100) == "100円"
