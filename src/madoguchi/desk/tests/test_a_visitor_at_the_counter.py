"""The applicant comes back to the counter: a clerk enters what they say, and the record tells where and by whom."""

from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.cases.actions import ask_correction
from madoguchi.platform.calendar import today
from tests import forms, town

pytestmark = pytest.mark.django_db
NEW_NAME = "食堂さくら 本店"


def asked():
    """A case whose trade name must be corrected."""
    case = town.applied()
    items = [("trade_name", "看板と違います。")]
    ask_correction(case, items=items, answer_by=today() + timedelta(days=7), by=town.sasaki())
    case.refresh_from_db()
    return case


def place(name, case, *more):
    return reverse(f"desk:{name}", args=[case.reference, *more])


def test_a_clerk_answers_a_correction_for_the_visitor():
    case, clerk = asked(), town.browser_of(town.suzuki())
    page = clerk.get(place("visitor-correct", case))
    assert page.status_code == 200
    assert "看板と違います。" in page.content.decode() and 'name="csrfmiddlewaretoken"' in page.content.decode()
    assert clerk.post(place("visitor-correct", case), {"trade_name": NEW_NAME}).status_code == 302
    assert case.filings.latest("number").answers["trade_name"] == NEW_NAME
    event = case.events.get(kind="correction-answered")
    assert (event.actor_kind, event.data["channel"]) == ("officer", "counter")
    assert "窓口で受付" in clerk.get(place("case", case)).content.decode()


def test_a_fault_in_the_answer_comes_back_with_what_was_typed():
    case, clerk = asked(), town.browser_of(town.suzuki())
    answered = clerk.post(place("visitor-correct", case), {"trade_name": "あ" * 500})
    assert answered.status_code == 302 and answered["Location"].startswith(place("visitor-correct", case))
    page = clerk.get(answered["Location"])
    assert forms.faults_on(page)
    assert "あ" * 500 in page.content.decode()
    assert case.filings.count() == 1


def test_another_office_cannot_answer():
    case = asked()
    assert town.browser_of(town.kato()).post(place("visitor-correct", case), {"trade_name": "x"}).status_code == 404


def test_where_nothing_was_asked_the_page_leads_back_to_the_case():
    case = town.applied()
    page = town.browser_of(town.suzuki()).get(place("visitor-correct", case))
    assert page.status_code == 302 and page["Location"] == place("case", case)


def test_a_withdrawal_is_taken_after_the_visitor_was_asked():
    case, clerk = town.applied(), town.browser_of(town.suzuki())
    refused = clerk.post(place("visitor-withdraws", case))
    assert refused.status_code == 422
    assert "意思を確かめてから" in refused.content.decode()
    assert clerk.post(place("visitor-withdraws", case), {"confirmed": "yes"}).status_code == 302
    case.refresh_from_db()
    assert case.result == "withdrawn"
    event = case.events.get(kind="withdrawn")
    assert (event.actor_kind, event.data["channel"]) == ("officer", "counter")


def test_a_finished_case_takes_no_withdrawal_and_says_so():
    case, clerk = town.applied(), town.browser_of(town.suzuki())
    town.decided(case)
    assert "申請者が窓口に来ているとき" not in clerk.get(place("case", case)).content.decode()
    page = clerk.post(place("visitor-withdraws", case), {"confirmed": "yes"})
    assert page.status_code in {409, 422}
    case.refresh_from_db()
    assert case.result == "granted"


def test_a_paper_that_was_handed_over_is_noted():
    case, clerk = town.applied(), town.browser_of(town.suzuki())
    town.decided(case)
    document = case.credentials.get()
    assert clerk.post(place("hand-over-document", case, document.pk)).status_code == 302
    event = case.events.get(kind="delivered")
    assert event.data == {"credential": document.pk, "by": "paper"}
    assert "紙で手渡し" in clerk.get(place("case", case)).content.decode()
