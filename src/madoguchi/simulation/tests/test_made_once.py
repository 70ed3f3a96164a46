"""The past is the same for the same seed and day, goes on where it was stopped, and is never made among real cases."""

from collections import Counter

import pytest
from django.db import transaction

from madoguchi.cases import events
from madoguchi.cases.models import Case, DocumentNumber, Event, InventedPast
from madoguchi.simulation import town as simulation
from madoguchi.simulation.town import SimulationRefused, fill
from madoguchi.town.offices import town as here
from tests import town

from .digest import digest

pytestmark = pytest.mark.django_db
CASES = 60


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


def stop_after(number):
    def progress(done):
        if done >= number:
            raise Stopped

    return progress


def made(cases=CASES, seed=3, stops=(), whole=False):
    """The digest of a town that is gone again."""
    with transaction.atomic():
        for number in stops:
            with pytest.raises(Stopped):
                fill(cases, seed, whole=whole, progress=stop_after(number))
        fill(cases, seed, whole=whole)
        assert Case.objects.count() == cases
        assert [case.reference for case in Case.objects.all() if events.verify(case) is not None] == []
        told = digest()
        transaction.set_rollback(True)
    return told


def test_the_same_seed_gives_the_same_town_and_another_seed_another():
    assert made(30, whole=True) == made(30, whole=True)
    assert made(30) != made(30, seed=4)


def test_what_was_stopped_twice_goes_on_and_becomes_the_same_town():
    assert made(stops=(25, 50)) == made()


def test_a_stopped_past_is_a_whole_town_with_fewer_cases():
    with pytest.raises(Stopped):
        fill(CASES, 3, progress=stop_after(25))
    past = InventedPast.known()
    assert (past.made, past.ended_at, Case.objects.count()) == (25, None, 25)
    assert [case.reference for case in Case.objects.all() if events.verify(case) is not None] == []
    taken = Counter(Event.objects.filter(kind__in=["decided", "closed"]).values_list("case__office", flat=True))
    numbers = Counter()
    for row in DocumentNumber.objects.all():
        numbers[row.office] += row.last
    assert numbers == taken


def test_who_applies_and_decides_meanwhile_stays_and_gets_a_number_between():
    with pytest.raises(Stopped):
        fill(CASES, 3, progress=stop_after(25))
    mine = town.decided(town.applied()).case
    fill(CASES, 3)
    mine.refresh_from_db()
    assert not mine.invented
    assert events.verify(mine) is None
    assert Case.objects.filter(invented=True).count() == CASES


def test_a_finished_past_is_made_no_second_time():
    assert fill(30, 3, whole=False) is True
    assert fill(30, 3, whole=False) is False
    assert Case.objects.count() == 30


def test_no_past_among_real_cases():
    town.applied()
    with pytest.raises(SimulationRefused, match="cases already"):
        fill(30, 3)
    assert Case.objects.count() == 1
    assert InventedPast.known() is None


def test_no_past_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(SimulationRefused, match="no demonstration"):
        fill(30, 3)
    assert not Case.objects.exists()


def test_no_past_for_a_town_that_is_no_demonstration(monkeypatch):
    real = type(here())(**{**here().__dict__, "demo": False})
    monkeypatch.setattr(simulation, "town", lambda: real)
    with pytest.raises(SimulationRefused, match="no demonstration"):
        fill(30, 3)
    assert not Case.objects.exists()
