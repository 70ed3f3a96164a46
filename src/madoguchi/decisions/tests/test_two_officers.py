"""Two officers at one case at the same moment: one decision, one document, and the other is told."""

import pytest

from madoguchi.cases import events
from madoguchi.cases.models import DocumentNumber
from madoguchi.credentials.models import Credential
from madoguchi.decisions.models import Decision, Draft
from madoguchi.desk import actions as desk
from madoguchi.platform.refusing import ActionRefused
from tests import town
from tests.elsewhere import at_the_same_time

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def approved_by_two():
    """A case, and what two managers got who approved it in the same moment."""
    case = town.applied()
    draft = town.drafted(case)
    desk.approve(draft, by=town.tanaka())
    managers = [town.yamamoto(), town.officer("もう一人の 課長", town.HEALTH, "manager")]
    got = at_the_same_time(*(lambda by=by: desk.approve(Draft.objects.get(pk=draft.pk), by=by) for by in managers))
    case.refresh_from_db()
    return case, got


def test_one_decides_and_the_other_is_told():
    for number in range(1, ROUNDS + 1):
        case, got = approved_by_two()
        losers = [one for one in got if isinstance(one, Exception)]
        assert [(type(one), one.conflict) for one in losers] == [(ActionRefused, True)], got
        assert Decision.objects.filter(case=case).count() == case.credentials.count() == 1
        assert case.events.filter(kind="decided").count() == case.events.filter(kind="issued").count() == 1
        assert DocumentNumber.objects.get().last == number
        assert events.verify(case) is None


def test_without_the_lock_the_other_runs_into_the_database(monkeypatch):
    """The control: with the lock off nobody is told; only the database's constraints stop the second decision."""
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "decision-lock")
    got = [one for _round in range(ROUNDS) for one in approved_by_two()[1]]
    told = [one for one in got if isinstance(one, ActionRefused)]
    broken = [one for one in got if isinstance(one, Exception) and not isinstance(one, ActionRefused)]
    assert broken, f"the lock made no difference: {told}"
    assert Decision.objects.count() == Credential.objects.count() <= ROUNDS


def test_approval_and_sending_back_at_the_same_moment_leave_one_of_them():
    from madoguchi.decisions.actions import send_back

    case = town.applied()
    draft = town.drafted(case)
    chiefs = [town.tanaka(), town.officer("別の 係長", town.HEALTH, "chief")]
    got = at_the_same_time(
        lambda: desk.approve(Draft.objects.get(pk=draft.pk), by=chiefs[0]),
        lambda: send_back(Draft.objects.get(pk=draft.pk), by=chiefs[1], comment="戻します。"),
    )
    assert sum(isinstance(one, ActionRefused) for one in got) == 1, got
    case.refresh_from_db()
    assert case.step in {"approval", "drafting"}
    assert events.verify(case) is None


def test_a_withdrawal_and_the_last_approval_at_the_same_moment_give_one_end():
    from madoguchi.cases.actions import withdraw
    from madoguchi.people.actor import applicant

    case = town.applied()
    draft = town.drafted(case)
    desk.approve(draft, by=town.tanaka())
    manager = town.yamamoto()
    got = at_the_same_time(
        lambda: desk.approve(Draft.objects.get(pk=draft.pk), by=manager),
        lambda: withdraw(case, by=applicant(case.reference)),
    )
    assert sum(isinstance(one, ActionRefused) for one in got) == 1, got
    case.refresh_from_db()
    assert Decision.objects.count() == (case.result == "granted")
    assert case.events.filter(kind="moved", data__to__in=["granted", "withdrawn"]).count() == 1
