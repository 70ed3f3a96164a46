"""One faulty row does not keep the others waiting, and is told."""

from madoguchi.platform.each import each


def halved(number):
    if number % 2:
        raise ValueError("odd")
    return number // 2


def test_the_others_are_done_and_the_faulty_one_is_told(caplog):
    assert each([2, 3, 4], halved) == [1, 2]
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("ERROR", "halved was not done for 3; the others are")
    ]


def test_nothing_is_told_where_nothing_is_wrong(caplog):
    assert each([2, 4], halved) == [1, 2]
    assert caplog.records == []
