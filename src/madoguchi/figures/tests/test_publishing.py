"""What everybody may see of a table tells nothing of one to four cases, also not by subtraction."""

import random

import pytest

from madoguchi.figures.publishing import along, hide, published, said, ways_shown
from madoguchi.figures.queries import COUNTS, LEAST, Arrow, Numbers
from madoguchi.figures.rollup import roll
from tests import town


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [([0, 7, 9], [0, 0, 0]), ([3, 7, 9], [1, 1, 0]), ([1, 1, 9], [1, 1, 1]), ([4, 4, 9], [1, 1, 0]), ([3], [1])],
)
def test_what_could_be_subtracted_is_hidden_too(counts, hidden):
    assert hide(counts) == [bool(one) for one in hidden]


def test_whoever_knows_the_total_finds_no_small_count():
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _table in range(500):
        counts = [chance.choice((0, 1, 2, 4, 5, 6, 30)) for _cell in range(chance.randint(1, 6))]
        unsaid = [n for n, is_hidden in zip(counts, hide(counts), strict=True) if is_hidden]
        assert all(n == 0 or n >= LEAST for n, is_hidden in zip(counts, hide(counts), strict=True) if not is_hidden)
        assert not unsaid or len(unsaid) == sum(n > 0 for n in counts) or (len(unsaid) > 1 and sum(unsaid) >= LEAST)


@pytest.mark.parametrize(
    ("whole", "part"), [("received", "online"), ("received", "corrected"), ("promised", "in_time")]
)
def test_a_part_is_unsaid_where_the_rest_would_be_small(whole, part):
    assert Numbers(**{whole: 24, part: 20}).published()[part] is None
    assert Numbers(**{whole: 25, part: 20}).published()[part] == 20
    assert Numbers(**{whole: 20, part: 20}).published()[part] == 20


@pytest.mark.django_db
def test_a_few_at_the_counter_are_shown_neither_there_nor_beside():
    for channel, count in (("online", 9), ("counter", 3), ("api", 6)):
        for _n in range(count):
            town.applied(channel=channel)
    roll()
    told = {row.channel: numbers["received"] for row, numbers in published("channel", town.RESTAURANT)}
    assert told == {"online": 9, "counter": None, "api": None}
    assert [(code, row["received"]) for code, row in along("channel")] == [
        ("online", 9),
        ("api", None),
        ("counter", None),
    ]
    assert along("office")[0][1]["received"] == 18
    page = town.visitor().get(f"/statistics/{town.RESTAURANT}/").content.decode()
    assert "受付の方法ごとの数字" in page
    assert 'id="by-office"' in town.visitor().get("/statistics/").content.decode()


@pytest.mark.django_db
def test_an_empty_town_has_no_rows():
    assert along("office") == []
    assert set(COUNTS) <= set(Numbers().published())


def test_ways_out_of_a_step_do_not_tell_the_one_that_is_unsaid():
    ways = [Arrow("check", outcome, outcome, n, 1) for outcome, n in (("pass", 30), ("correct", 6), ("refuse", 2))]
    assert [way.outcome for way in ways_shown([*ways, Arrow("draft", "send", "seal", 9, 1)])] == ["pass", "send"]


def test_a_row_says_what_it_may():
    assert said([0, 3, 6, 20]) == [0, None, None, 20]
