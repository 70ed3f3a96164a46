"""What a page keeps is valid until a cube changes, and not a moment longer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.figures import rollup
from madoguchi.figures.queries import by_procedure, figures
from madoguchi.figures.rollup import rebuild, roll
from tests import town

pytestmark = pytest.mark.django_db


def statements(do):
    with CaptureQueriesContext(connection) as made:
        do()
    return len(made)


def test_the_same_question_costs_one_statement_until_something_is_counted():
    town.applied()
    roll()
    first = by_procedure()
    assert statements(by_procedure) == 1
    roll()  # a look that finds nothing changes nothing
    assert statements(by_procedure) == 1
    assert by_procedure() == first
    town.applied()
    roll()
    assert [row.received for row in by_procedure()] == [2]


def test_other_questions_and_a_rebuild_are_answered_anew():
    town.applied()
    roll()
    assert [row.received for row in figures("channel", channel="counter")] == []
    assert [row.received for row in figures("channel", channel="online")] == [1]
    rebuild()
    assert statements(by_procedure) > 1


def test_what_a_caller_does_to_its_list_does_not_reach_the_next_one():
    town.applied()
    roll()
    figures("procedure").clear()
    assert len(figures("procedure")) == 1


def test_a_look_reads_a_bounded_number_of_cases_and_the_next_one_goes_on(monkeypatch):
    monkeypatch.setattr(rollup, "MOST", 2)
    for _case in range(5):
        town.applied()
    assert [roll() for _look in range(4)] == [2, 2, 1, 0]
    assert [row.received for row in by_procedure()] == [5]
