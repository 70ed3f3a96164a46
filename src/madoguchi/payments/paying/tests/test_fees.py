"""The fee of a case: asked for once, due as the flow says, following corrected answers, lapsing by rule."""

from datetime import timedelta

import pytest
from django.core import mail

from madoguchi import sequence
from madoguchi.applications.actions import answer_correction, last_filing
from madoguchi.cases import actions as cases
from madoguchi.cases import events
from madoguchi.cases.models import Case
from madoguchi.payments.models import Charge
from madoguchi.payments.paying import actions
from madoguchi.people.actor import applicant
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused
from tests import paying, town

pytestmark = pytest.mark.django_db
FULL, SIMPLE = 18300, 14400


def follow(case, kind):
    sequence.follow(event_id=case.events.filter(kind=kind).latest("seq").pk)
    case.refresh_from_db()


def corrected(case, **changes):
    """The case after the office asked about some answers and the applicant changed them."""
    case.refresh_from_db()
    items = [(question, "直してください。") for question in changes]
    cases.ask_correction(case, items=items, answer_by=today() + timedelta(days=5), by=town.sasaki())
    given = {**last_filing(case).answers, **changes}
    answer_correction(case=case, answers=given, by=applicant(case.reference))
    follow(case, "correction-answered")
    return case


def test_an_application_is_unpaid_from_its_first_moment():
    case = town.applied()
    assert (case.fee, case.unpaid) == (FULL, FULL)
    assert not Charge.objects.exists()


def test_what_follows_the_arrival_asks_for_the_fee_once_and_the_letter_has_the_link():
    case = town.applied(contact_email="kobayashi@example.jp")
    for _time in range(2):
        follow(case, "submitted")
    charge = Charge.objects.get()
    assert (charge.owed, charge.due_on) == (FULL, today() + timedelta(days=14))
    assert f"/pay/{charge.secret}/" in mail.outbox[0].body
    assert case.events.filter(kind="charged").count() == 1
    assert events.verify(case) is None


def test_an_unpaid_case_waits_before_its_review_and_goes_on_once_it_is_paid():
    case = town.applied()
    with pytest.raises(ActionRefused, match="手数料がまだ納付されていない"):
        cases.advance_step(case, outcome="complete", by=town.sasaki())
    assert cases.advance_step(paying.paid(case), outcome="complete", by=town.sasaki()).step == "review"


def test_an_incomplete_case_can_be_refused_unpaid():
    case = town.applied()
    assert cases.advance_step(case, outcome="refusal-proposed", by=town.sasaki()).step == "drafting"


def test_a_correction_that_lowers_the_fee_pays_the_difference_back():
    case = paying.paid(town.applied())
    charge = Charge.objects.get()
    corrected(case, simple_service=True)
    charge.refresh_from_db()
    assert (case.fee, charge.owed, charge.due) == (SIMPLE, SIMPLE, SIMPLE - FULL)
    assert actions.pay_back(charge) == 1
    follow(case, "correction-answered")
    charge.refresh_from_db()
    assert (charge.owed, charge.paid) == (SIMPLE, SIMPLE)


def test_a_correction_that_raises_the_fee_charges_the_difference_on_the_same_ledger_and_holds_the_review():
    case = paying.paid(town.applied(simple_service=True))
    case = cases.advance_step(case, outcome="complete", by=town.sasaki())
    corrected(case, simple_service=False)
    charge = Charge.objects.get()
    assert (charge.owed, charge.paid, case.unpaid) == (FULL, SIMPLE, FULL - SIMPLE)
    assert charge.due_on == today() + timedelta(days=14)
    assert case.step == "review", "an answer to a correction always arrives"
    with pytest.raises(ActionRefused, match="手数料"):
        cases.advance_step(case, outcome="reviewed", by=town.sasaki())
    assert cases.advance_step(paying.paid(case), outcome="reviewed", by=town.sasaki()).step == "drafting"
    assert charge.attempts.count() == 2


def test_a_correction_before_the_charge_is_opened_is_charged_once():
    case = corrected(town.applied(), simple_service=True)
    follow(case, "submitted")
    assert Charge.objects.get().owed == SIMPLE == case.unpaid


def test_a_reduction_lets_the_case_go_on_and_a_later_change_counts_beside_it():
    case = town.applied()
    charge = paying.charged(case)
    actions.reduce(charge=charge, yen=FULL, reason="条例第5条の減免", by=town.sasaki())
    case.refresh_from_db()
    assert case.unpaid == 0
    corrected(case, simple_service=True)
    charge.refresh_from_db()
    assert (charge.owed, charge.paid) == (0, 0)


def test_the_payer_is_reminded_once_and_the_case_lapses_after_its_day(clock):
    clock("2026-07-01")
    case = town.applied(contact_email="kobayashi@example.jp")
    paying.charged(case)
    subjects = []
    for day in ("2026-07-05", "2026-07-10", "2026-07-11", "2026-07-15"):
        clock(day)
        sequence.watch_payments(timestamp=0)
        subjects.append(len(mail.outbox))
    assert subjects == [0, 1, 1, 1]
    assert "2026年7月15日" in mail.outbox[0].body or "令和8年7月15日" in mail.outbox[0].body
    clock("2026-07-16")
    for _time in range(2):
        sequence.watch_payments(timestamp=0)
    case.refresh_from_db()
    assert (case.result, case.unpaid) == ("lapsed", 0)
    assert case.events.filter(kind="payment-lapsed").count() == 1


def test_a_paid_case_does_not_lapse(clock):
    clock("2026-07-01")
    case = paying.paid(town.applied())
    clock("2026-08-30")
    sequence.watch_payments(timestamp=0)
    case.refresh_from_db()
    assert case.is_open


def test_a_withdrawn_case_asks_for_nothing_more():
    case = town.applied()
    charge = paying.charged(case)
    cases.withdraw(case, by=applicant(case.reference))
    follow(case, "withdrawn")
    charge.refresh_from_db()
    assert (charge.owed, charge.due, case.unpaid) == (0, 0, 0)


def test_a_notification_is_acknowledged_unpaid_but_its_paper_waits_for_the_fee():
    case = town.applied(town.BARBER, electronic_notice=True)
    credential = town.decided(case)
    browser, url = town.holder(case), f"/applications/{case.reference}/documents/{credential.pk}/"
    answer = browser.get(url)
    assert answer.status_code == 409
    assert "手数料の支払いが済むと" in answer.content.decode()
    paying.paid(Case.objects.get(pk=case.pk))
    assert browser.get(url).headers["Content-Type"] == "application/pdf"


def test_when_it_is_paid_a_letter_says_so():
    case = paying.paid(town.applied(contact_email="kobayashi@example.jp", language="en"))
    sequence.settled(charge_id=str(Charge.objects.get().pk))
    assert case.reference in mail.outbox[0].subject
