"""Who shows the paper finds the form filled in with what the register knows; a number alone opens nothing."""

from datetime import date

import pytest
from django.core import mail

from madoguchi import sequence
from madoguchi.desk import actions as desk
from madoguchi.registers import known, queries
from madoguchi.registers.models import Holding
from tests import town
from tests.registers import SUCCESSION, decided, permitted, renewal_of, succeeded

pytestmark = pytest.mark.django_db
PAGE = f"/procedures/{town.RESTAURANT}/known/"


def code_of(case):
    return case.credentials.get().code


def sent(browser=None, **fields):
    return (browser or town.visitor()).post(PAGE, fields)


def test_number_and_code_of_the_paper_fill_the_form(clock):
    clock("2026-06-15")
    case = permitted()
    answer = sent(number=case.decision.document_number, code=code_of(case))
    assert answer.status_code == 302
    page = town.visitor().get(answer.headers["Location"]).content.decode()
    said = case.filings.get(step="").answers
    for word in (said["trade_name"], said["applicant"]["name"], case.decision.document_number, said["main_foods"]):
        assert word in page


def test_files_and_declarations_are_never_filled_in(clock):
    clock("2026-06-15")
    case = permitted()
    filled = known.beforehand(town.compiled(), Holding.objects.get())
    assert filled["application_type"] == "renewal"
    assert filled["applicant"] == case.filings.get(step="").answers["applicant"]
    assert not {"drawings", "site_map", "supervisor_proof", "truth", "supervisor_pledge"} & filled.keys()


def test_what_changed_in_the_register_stands_in_the_form_and_not_what_was_applied_for(clock):
    clock("2026-06-15")
    permitted()
    holding = Holding.objects.get()
    holding.values = {**holding.values, "trade_name": "新しい店"}
    assert known.beforehand(town.compiled(), holding)["trade_name"] == "新しい店"


@pytest.mark.parametrize("wrong", ["", "x" * 32, "https://example.jp/verify/", "' OR 1=1 --", "あ" * 400])
def test_a_number_without_its_paper_opens_nothing_and_what_was_typed_stays(clock, wrong):
    clock("2026-06-15")
    case = permitted()
    answer = sent(number=case.decision.document_number, code=wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and "見つかりません" in page
    assert case.decision.document_number in page
    assert case.filings.get(step="").answers["trade_name"] not in page


def test_the_code_of_another_paper_opens_nothing(clock):
    clock("2026-06-15")
    one, other = permitted(), permitted()
    assert sent(number=one.decision.document_number, code=code_of(other)).status_code == 422


def test_a_withdrawn_paper_proves_nothing(clock):
    clock("2026-06-15")
    case = permitted()
    desk.withdraw_document(case.credentials.get(), reason="虚偽の申請", by=town.yamamoto())
    assert sent(number=case.decision.document_number, code=code_of(case)).status_code == 422
    assert Holding.objects.get().standing == "ended"


def test_whoever_holds_the_key_of_the_case_needs_no_paper(clock):
    clock("2026-06-15")
    case = permitted()
    holding, browser = Holding.objects.get(), town.holder(case)
    assert holding.number in browser.get(PAGE).content.decode()
    assert sent(browser, holding=str(holding.pk)).status_code == 302
    assert sent(holding=str(holding.pk)).status_code == 422  # a stranger


def test_a_procedure_about_nothing_that_exists_has_no_such_page():
    assert town.visitor().get(f"/procedures/{town.BARBER}/known/").status_code == 404


def test_a_paper_on_the_wall_opens_nothing_by_which_a_person_is_reached(clock):
    clock("2026-06-15")
    case = permitted()
    said = case.filings.get(step="").answers["applicant"]
    page = town.visitor().get(sent(number=case.decision.document_number, code=code_of(case)).headers["Location"])
    text = page.content.decode()
    assert said["name"] in text and said["address"]["street"] not in text
    filled = known.beforehand(town.compiled(), Holding.objects.get(), whole=False)
    assert not {"birth_date", "address", "phone"} & filled["applicant"].keys()
    assert not {"contact_phone", "contact_email", "contact_person"} & filled.keys()


def test_who_succeeds_is_not_filled_in_as_the_one_before(clock):
    clock("2026-06-15")
    permitted()
    filled = known.beforehand(town.compiled(SUCCESSION), Holding.objects.get())
    assert "applicant" not in filled and filled["shop_name"] == Holding.objects.get().title


def test_after_a_succession_the_papers_and_keys_of_before_open_nothing(clock):
    clock("2026-06-15")
    first = permitted({"contact_email": "kobayashi@example.jp"})
    succeeded(first)
    holding = Holding.objects.get()
    assert sent(number=holding.number, code=code_of(first)).status_code == 422
    assert holding.number not in town.holder(first).get(PAGE).content.decode()
    assert known.beforehand(town.compiled(), holding).get("contact_email") != "kobayashi@example.jp"
    clock("2032-06-01")
    every_day()
    assert all("kobayashi@example.jp" not in letter.to for letter in mail.outbox)


def every_day():
    sequence.registers_of_the_day(timestamp=0)


def test_before_the_end_its_holder_is_written_to_at_90_and_30_days_and_not_twice(clock):
    clock("2026-06-15")
    permitted({"contact_email": "kobayashi@example.jp"})
    for day, letters in (("2032-03-16", 0), ("2032-03-17", 1), ("2032-04-01", 1), ("2032-05-16", 2), ("2032-06-15", 2)):
        clock(day)
        every_day()
        every_day()
        assert len(mail.outbox) == letters, day
    assert mail.outbox[0].to == ["kobayashi@example.jp"]
    assert Holding.objects.get().number in mail.outbox[0].subject
    assert f"{PAGE}" in mail.outbox[0].body


def test_who_has_applied_for_the_renewal_is_not_asked_for_it(clock):
    clock("2026-06-15")
    first = permitted({"contact_email": "kobayashi@example.jp"})
    clock("2032-05-20")
    case = renewal_of(first)
    every_day()
    assert mail.outbox == []
    decided(case)
    assert Holding.objects.get().told_days is None
    clock("2038-06-01")
    every_day()
    assert len(mail.outbox) == 1


def test_who_gave_no_address_gets_no_letter_and_nothing_fails(clock):
    clock("2026-06-15")
    permitted({"contact_email": None, "electronic_notice": False})
    clock("2032-06-01")
    every_day()
    assert mail.outbox == [] and Holding.objects.get().told_days == 30


def test_an_end_that_was_entered_for_a_day_to_come_comes_true(clock):
    clock("2026-06-15")
    permitted()
    holding = Holding.objects.get()
    defined = queries.registers()["food-business"]
    from madoguchi.registers import actions

    actions.enter(holding, defined, effect="end", values={}, on=date(2026, 7, 1), by=town.sasaki())
    assert (holding.standing, holding.next_on) == ("in-force", date(2026, 7, 1))
    clock("2026-07-01")
    assert not queries.in_force(holding)  # counted from the entries, whether or not the night's work was done
    every_day()
    holding.refresh_from_db()
    assert (holding.standing, holding.ended_on, holding.next_on) == ("ended", date(2026, 7, 1), None)


def test_what_was_granted_before_the_register_is_taken_up_at_night(clock, monkeypatch):
    clock("2026-06-15")
    with monkeypatch.context() as before:
        before.setattr(queries, "registers", dict)
        case = permitted()
    assert not Holding.objects.exists()
    clock("2026-06-16")
    every_day()
    every_day()
    holding = Holding.objects.get()
    assert (holding.number, holding.since) == (case.decision.document_number, date(2026, 6, 15))
