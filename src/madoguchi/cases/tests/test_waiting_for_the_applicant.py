"""The standard period stands still while the applicant corrects, and runs on afterwards."""

from datetime import date

import pytest

from madoguchi.applications.actions import answer_correction
from madoguchi.cases import actions
from madoguchi.cases.models import Pause
from madoguchi.people.actor import applicant
from madoguchi.platform import refusing
from tests import town

pytestmark = pytest.mark.django_db


def asked(case, by=None, until=date(2026, 8, 31)):
    return actions.ask_correction(case, items=[("seats", "図面と違います。")], answer_by=until, by=by or town.sasaki())


def answered(case, seats=20):
    answer_correction(case=case, answers={"seats": seats}, by=applicant(case.reference))
    case.refresh_from_db()
    return case


def test_the_promise_is_empty_while_the_applicant_corrects(clock):
    clock("2026-07-01")
    case = town.applied()
    clock("2026-07-06")
    asked(case)
    case.refresh_from_db()
    assert (case.step, case.due_on, case.pauses.get().until) == ("correction", None, None)


def test_the_days_of_a_correction_do_not_count(clock):
    clock("2026-07-01")  # a Wednesday; ten working days end on 15 July
    case = town.applied()
    assert str(case.due_on) == "2026-07-15"
    clock("2026-07-06")
    asked(case)
    clock("2026-07-09")  # Tuesday, Wednesday and Thursday are taken out
    assert str(answered(case).due_on) == "2026-07-21"  # 20 July is 海の日
    assert case.pauses.get() == Pause(pk=case.pauses.get().pk, since=date(2026, 7, 6), until=date(2026, 7, 9))


def test_two_corrections_are_two_pauses(clock):
    clock("2026-07-01")
    case = town.applied()
    for seats, begun, ended in ((20, "2026-07-02", "2026-07-03"), (24, "2026-07-07", "2026-07-08")):
        clock(begun)
        asked(case)
        clock(ended)
        case = answered(case, seats)
    assert (case.pauses.count(), str(case.due_on)) == (2, "2026-07-17")


def test_a_correction_answered_on_the_same_day_costs_nothing(clock):
    clock("2026-07-01 09:00")
    case = town.applied()
    clock("2026-07-06 09:00")
    asked(case)
    clock("2026-07-06 16:00")
    assert str(answered(case).due_on) == "2026-07-15"


def test_a_case_in_the_evening_of_the_town_arrives_on_that_day(clock):
    """22:30 in Japan is still the same day, though not in Greenwich's."""
    clock("2026-07-01 22:30")
    assert str(town.applied().due_on) == "2026-07-15"


def test_an_officer_may_end_a_correction_that_never_came(clock):
    clock("2026-07-01")
    case = town.applied()
    asked(case)
    clock("2026-08-03")
    case = actions.advance_step(case, outcome="not-corrected", by=town.sasaki())
    assert case.step == "intake"
    assert case.due_on is not None
    assert not case.pauses.filter(until=None).exists()


def test_after_an_unanswered_correction_another_may_be_asked(clock):
    clock("2026-07-01")
    case = town.applied()
    asked(case)
    case = actions.advance_step(case, outcome="not-corrected", by=town.sasaki())
    asked(case)
    assert answered(case).step == "intake"


def test_a_correction_that_ended_unanswered_can_no_longer_be_answered(clock):
    """It must not be taken for the applicant's only other outcome, the withdrawal."""
    clock("2026-07-01")
    case = town.applied()
    asked(case)
    actions.advance_step(case, outcome="not-corrected", by=town.sasaki())
    with pytest.raises(refusing.ActionRefused) as refused:
        answered(case)
    case.refresh_from_db()
    assert (refused.value.conflict, case.step, case.result) == (True, "intake", "")


def test_a_withdrawn_case_asks_for_nothing_more(clock):
    clock("2026-07-01")
    case = town.applied()
    asked(case)
    actions.withdraw(case, by=applicant(case.reference))
    assert not case.corrections.filter(answered_at=None).exists()
    assert not case.pauses.filter(until=None).exists()


def test_a_notification_without_a_period_has_no_clock():
    case = town.applied(town.BARBER)
    if case.period_days is None:
        assert case.due_on is None
    else:
        assert case.due_on is not None
