"""Two gates at one ticket, several desks at one queue, in the same moment; each with its control."""

import pytest
from django.utils import timezone

from madoguchi.bookings.gate import entry as gate_of_the_hall
from madoguchi.bookings.gate.entry import show
from madoguchi.bookings.gate.issuing import text_of
from madoguchi.bookings.models import Scan, Visit
from madoguchi.bookings.visits import visit
from madoguchi.people.actor import PUBLIC
from tests import gate, town
from tests.elsewhere import at_the_same_time, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, DESKS = 10, 4


def admitted_by_two():
    """What two gates got that were shown one ticket in the same moment."""
    text, officers = text_of(gate.ticket(in_slot=gate.slot(at=timezone.now()))), [town.suzuki(), town.sasaki()]
    how = {"facility": gate.MUSEUM, "gate": "", "seen": True}
    return [one.state for one in at_the_same_time(*(lambda by=by: show(text, by=by, **how) for by in officers))]


def test_one_gate_admits_and_the_other_is_told():
    for _round in range(ROUNDS):
        assert sorted(admitted_by_two()) == ["admitted", "again"]
    assert Scan.objects.filter(outcome="admitted").count() == ROUNDS


def test_without_the_lock_both_admit(monkeypatch):
    """The control: both have looked before either writes."""
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "gate-lock")
    monkeypatch.setattr(gate_of_the_hall, "_keep", together(2, gate_of_the_hall._keep))
    assert admitted_by_two() == ["admitted", "admitted"]


def called_at_once():
    """How many different visitors four desks called in the same moment, of four that wait."""
    Visit.objects.all().delete()
    in_slot = gate.slot("counter", timezone.now(), offer="appointment")
    for _visitor in range(DESKS):
        visit.arrive(order=gate.sold("appointment", in_slot=in_slot), by=PUBLIC)
    by = town.suzuki()
    calls = [lambda desk=desk: visit.call_next(facility="counter", desk=str(desk), by=by) for desk in range(DESKS)]
    return len({one.pk for one in at_the_same_time(*calls) if isinstance(one, Visit)})


def test_each_desk_calls_somebody_else():
    assert [called_at_once() for _round in range(3)] == [DESKS] * 3


def test_without_the_lock_desks_call_nobody_or_the_same(monkeypatch):
    """The control."""
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "visit-lock")
    assert min(called_at_once() for _round in range(ROUNDS)) < DESKS


def test_two_presses_give_one_number():
    order = gate.sold("appointment", in_slot=gate.slot("counter", timezone.now(), offer="appointment"))
    got = at_the_same_time(*[lambda: visit.arrive(order=order, by=PUBLIC)] * 2)
    assert {one.number for one in got} == {1}
