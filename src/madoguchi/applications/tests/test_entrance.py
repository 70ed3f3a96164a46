"""Entering a case: whoever has no right sees the same answer, whatever the reason; guessing is braked."""

import re

import pytest

from madoguchi.applications.entrance import accept_invitation, invite
from madoguchi.applications.models import Invitation
from madoguchi.foundation.identifiers import new_reference
from madoguchi.people.keys import case_key, shown_key
from madoguchi.platform.brake.limits import ENTER
from tests import town

pytestmark = pytest.mark.django_db
ENTRANCE = "/applications/"


@pytest.fixture(autouse=True)
def _at_five_past_ten(clock):
    """Whoever tries slowly is not braked: the clock stands still."""
    clock("2026-12-01 10:05")


def tried(reference, key, browser=None):
    return (browser or town.visitor()).post(ENTRANCE, {"reference": reference, "key": key})


def what_is_seen(answer, typed):
    page = answer.content.decode().replace(typed, "")
    return answer.status_code, re.sub(r"\s+", " ", page)


def test_reference_and_key_open_the_case_on_any_device():
    case = town.applied()
    browser = town.visitor()
    typed = case.reference.lower().replace("-", " ")
    answer = tried(typed, shown_key(case_key(case.pk)).upper(), browser)
    assert (answer.status_code, answer.url) == (302, f"/applications/{case.reference}/")
    assert browser.get(answer.url).status_code == 200
    assert case.events.filter(kind="entered").count() == 1


def test_unknown_and_forbidden_look_the_same():
    case, other = town.applied(), town.applied()
    seen = {
        what_is_seen(tried(reference, key), reference)
        for reference, key in [
            (case.reference, "a" * 32),
            (case.reference, case_key(other.pk)),
            (case.reference, case_key(case.pk, 1)),
            (new_reference(), case_key(case.pk)),
        ]
    }
    assert len(seen) == 1
    assert seen.pop()[0] == 422


@pytest.mark.parametrize("reference", ["", "x", "0" * 100_000, "髙\u0000", "' OR 1=1 --"])
def test_what_is_no_reference_gets_an_answer(reference):
    assert tried(reference, "x" * 100_000).status_code == 422


def test_too_many_tries_are_braked_and_later_the_right_key_opens(clock):
    case = town.applied()
    for _guess in range(ENTER[0].most):
        assert tried(case.reference, "a" * 32).status_code == 422
    right = tried(case.reference, case_key(case.pk))
    assert right.status_code == 429 and "からまた送れます" in right.content.decode()
    clock("2026-12-01 10:06")
    assert tried(case.reference, case_key(case.pk)).status_code == 302


@pytest.mark.parametrize("place", ["", "received/", "correct/", "withdraw/", "documents/1/"])
def test_without_the_key_a_case_does_not_exist(place):
    case = town.applied()
    known = town.visitor().get(f"/applications/{case.reference}/{place}")
    unknown = town.visitor().get(f"/applications/{new_reference()}/{place}")
    assert known.status_code == unknown.status_code == 404
    assert case.reference not in known.content.decode().replace(f"/applications/{case.reference}/", "")


# ---------------------------------------------------------------- invitations


def link(token):
    return f"/applications/open/{token}/"


@pytest.fixture
def case():
    return town.applied()


def invited(case, purpose=Invitation.Purpose.HANDOVER):
    return invite(case=case, purpose=purpose, by=town.suzuki())


def test_a_look_at_the_link_uses_nothing_up(case):
    token = invited(case)
    for _preview in range(3):
        assert town.visitor().get(link(token)).status_code == 200
    assert Invitation.objects.get().used_at is None


def test_the_button_opens_the_case_once(case):
    token, browser = invited(case), town.visitor()
    answer = browser.post(link(token))
    assert (answer.status_code, browser.get(answer.url).status_code) == (302, 200)
    assert town.visitor().post(link(token)).status_code == 410


@pytest.mark.parametrize(
    ("purpose", "last", "late"),
    [
        (Invitation.Purpose.HANDOVER, "2026-12-04 09:59", "2026-12-04 10:01"),
        (Invitation.Purpose.CONFIRM, "2026-12-08 09:59", "2026-12-08 10:01"),
    ],
)
def test_a_link_expires(case, clock, purpose, last, late):
    clock("2026-12-01 10:00")
    first, second = invited(case, purpose), invited(case, purpose)
    clock(last)
    assert accept_invitation(token=first) == case
    clock(late)
    assert accept_invitation(token=second) is None


def test_used_old_and_unknown_links_look_the_same(case, clock):
    clock("2026-12-01")
    used, old = invited(case), invited(case)
    accept_invitation(token=used)
    clock("2026-12-24")
    pages = {what_is_seen(town.visitor().post(link(token)), token) for token in (used, old, "a" * 32)}
    assert len(pages) == 1
    assert pages.pop()[0] == 410


def test_confirming_the_address_is_recorded_once(case):
    for _letter in range(2):
        accept_invitation(token=invited(case, Invitation.Purpose.CONFIRM))
    case.refresh_from_db()
    assert case.email_confirmed_at is not None
    assert case.events.filter(kind="email-confirmed").count() == 1


def test_a_handover_does_not_confirm_an_address(case):
    accept_invitation(token=invited(case))
    case.refresh_from_db()
    assert case.email_confirmed_at is None


def test_the_token_itself_is_not_stored(case):
    token = invited(case)
    assert token not in str(Invitation.objects.values().get())


def test_a_link_opens_the_case_it_was_made_for_and_no_other(case):
    other, browser = town.applied(), town.visitor()
    browser.post(link(invited(case)))
    assert browser.get(f"/applications/{case.reference}/").status_code == 200
    assert browser.get(f"/applications/{other.reference}/").status_code == 404
