"""Who is absent is stood in for by a deputy, on those days and nobody else."""

from datetime import timedelta

import pytest

from madoguchi.decisions import actions
from madoguchi.desk import actions as desk
from madoguchi.foundation.dates import today
from madoguchi.platform.refusing import ActionRefused
from tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return town.drafting(town.applied())


@pytest.fixture
def at_the_manager(case):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    desk.approve(draft, by=town.tanaka())
    return draft


def absent(since, until):
    holder, deputy = town.yamamoto(), town.nakamura()
    days = {"since": today() + timedelta(days=since), "until": today() + timedelta(days=until)}
    town.stands_in(deputy, holder, town.HEALTH, "manager", **days)
    return deputy


def test_a_deputy_decides_while_the_manager_is_absent(at_the_manager):
    credential = desk.approve(at_the_manager, by=absent(-1, 1))
    seat = at_the_manager.approvals.get(final=True)
    assert (seat.by, seat.as_deputy) == (town.nakamura().officer, True)
    assert credential.case.result == "granted"


@pytest.mark.parametrize(("since", "until"), [(-5, -1), (1, 5)])
def test_a_deputy_decides_neither_before_nor_after(at_the_manager, since, until):
    with pytest.raises(ActionRefused):
        desk.approve(at_the_manager, by=absent(since, until))


def test_a_deputy_waits_while_another_manager_is_present(at_the_manager):
    town.officer("もう一人の 課長", town.HEALTH, "manager")
    with pytest.raises(ActionRefused):
        desk.approve(at_the_manager, by=absent(-1, 1))


def test_somebody_who_is_no_deputy_does_not_stand_in(at_the_manager):
    absent(-1, 1)
    for who in (town.sasaki(), town.tanaka(), town.kato()):
        with pytest.raises(ActionRefused):
            desk.approve(at_the_manager, by=who)


def test_a_deputy_does_not_approve_an_own_draft(case):
    deputy = town.ogawa()
    draft = actions.propose(case, result="granted", by=deputy)
    desk.approve(draft, by=town.tanaka())
    town.stands_in(deputy, town.yamamoto(), town.HEALTH, "manager", since=today(), until=today())
    with pytest.raises(ActionRefused):
        desk.approve(draft, by=deputy)
