"""A simulated town is like a real one: whole records, a true clock, figures that agree; and it never mixes with one."""

import random
from datetime import date

import pytest
from django.db import transaction

from madoguchi.cases import events
from madoguchi.cases.models import Case, Event
from madoguchi.cases.queries import flow_of
from madoguchi.figures.models import Cell, SectionCount
from madoguchi.figures.sections import SENT
from madoguchi.figures.tests.test_statistics import recounted, rolled
from madoguchi.simulation.town import SimulationRefused, simulate
from tests import town

from .digest import digest

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 9, 30)


@pytest.mark.parametrize("seed", [random.SystemRandom().randrange(10**9), 1], ids=["random", "1"])
def test_a_simulated_town_has_whole_records_and_true_figures(seed):
    print(f"seed {seed}")
    simulate(300, seed, until=UNTIL)
    assert Case.objects.count() == 300
    assert [case.reference for case in Case.objects.all() if events.verify(case) is not None] == []
    assert rolled() == recounted(), f"seed {seed}"
    assert sum(cell.timed for cell in Cell.objects.all()) > 200
    assert sum(row.n for row in SectionCount.objects.filter(section=SENT)) > 5


def test_simulated_cases_take_only_the_ways_of_their_flow():
    simulate(300, 2, until=UNTIL)
    for move in Event.objects.filter(kind="moved").select_related("case"):
        ways = {(way[0], way[1], to.to) for way, to in flow_of(move.case).table.items()}
        assert (move.data["from"], move.data["outcome"], move.data["to"]) in ways


def town_of(seed):
    """What a simulated town was that is gone again."""
    with transaction.atomic():
        simulate(50, seed, until=UNTIL)
        told = digest()
        transaction.set_rollback(True)
    return told


def test_the_same_seed_gives_the_same_town_and_another_seed_another():
    assert town_of(3) == town_of(3) != town_of(4)


def test_no_invented_case_beside_a_real_one():
    town.applied()
    with pytest.raises(SimulationRefused, match="cases already"):
        simulate(1, 1)
    assert Case.objects.count() == 1


def test_no_invented_case_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(SimulationRefused, match="production"):
        simulate(1, 1)
