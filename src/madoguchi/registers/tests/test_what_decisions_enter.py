"""A permit enters a register, a renewal extends, a closure ends; what an officer did not see is never changed."""

from dataclasses import replace
from datetime import date

import pytest

from madoguchi.cases import events
from madoguchi.cases.actions import advance_step
from madoguchi.credentials.actions import withdraw
from madoguchi.decisions.actions import approve as approve_seat
from madoguchi.decisions.actions import next_seat
from madoguchi.desk import actions as desk
from madoguchi.platform.refusing import ActionRefused
from madoguchi.registers import actions, nightly, queries
from madoguchi.registers.models import Concern, Entry, Holding
from tests import paying, town
from tests.forced import without_guards
from tests.registers import SUCCESSION, a_holding, at_drafting, changed, closure_of, decided, permitted, renewal_of

pytestmark = pytest.mark.django_db


def test_a_permit_enters_the_register_with_what_was_answered(clock):
    clock("2026-06-15")
    case = permitted()
    holding = Holding.objects.get()
    assert (holding.register, holding.number) == ("food-business", case.decision.document_number)
    assert (holding.standing, holding.since, holding.until) == ("in-force", date(2026, 6, 15), date(2032, 6, 15))
    assert holding.title == case.filings.get(number=1).answers["trade_name"]
    assert holding.holder == case.title
    assert queries.in_force(holding) and queries.of_document(case) == holding
    assert case.events.filter(kind="registered", data__effect="enter", data__seq=1).exists()
    assert events.verify(case) is None


def test_what_is_refused_enters_nothing():
    decided(at_drafting(), result="refused")
    assert not Holding.objects.exists()


def test_a_renewal_extends_from_the_end_and_keeps_the_number(clock):
    clock("2026-06-15")
    first = permitted()
    clock("2032-05-01")
    case = decided(renewal_of(first))
    holding = Holding.objects.get()
    assert (holding.number, holding.last_seq) == (first.decision.document_number, 2)
    assert (holding.since, holding.until) == (date(2026, 6, 15), date(2038, 6, 15))
    assert (case.decision.valid_from, case.decision.valid_until) == (date(2032, 6, 16), date(2038, 6, 15))
    assert queries.find("food-business", case.decision.document_number) == holding  # by the newer paper too


def test_a_renewal_after_the_end_is_a_new_number(clock):
    clock("2026-06-15")
    first = permitted()
    clock("2032-06-20")
    case = decided(renewal_of(first))
    old, new = Holding.objects.order_by("since")
    assert (old.last_seq, new.number) == (1, case.decision.document_number)
    assert new.since == date(2032, 6, 20)
    assert not queries.in_force(old) and queries.in_force(new)


def test_a_closure_ends_it_from_the_day_that_was_said(clock):
    clock("2026-06-15")
    first = permitted()
    clock("2026-07-01")
    case = closure_of(first, closed_on="2026-06-30")
    by = town.worker_of(case)
    actions.confirm(case, number=first.decision.document_number, by=by)
    desk.acknowledge(case, by=by)
    holding = Holding.objects.get()
    assert (holding.standing, holding.ended_on) == ("ended", date(2026, 6, 30))
    assert queries.state_of(holding, date(2026, 6, 29)).in_force(date(2026, 6, 29))
    assert not queries.in_force(holding)
    assert holding.values == Entry.objects.get(effect="enter").values  # an end says nothing of the shop


def test_a_closure_that_nobody_compared_with_the_register_is_not_finished(clock):
    clock("2026-06-15")
    first = permitted()
    clock("2026-07-01")
    case = closure_of(first, closed_on="2026-06-30")
    with pytest.raises(ActionRefused, match="台帳"):
        desk.acknowledge(case, by=town.worker_of(case))
    case.refresh_from_db()
    assert case.is_open and not case.credentials.exists()


def test_what_the_register_never_had_is_filed_and_changes_nothing(clock):
    clock("2026-07-01")
    case = closure_of(None, closed_on="2026-06-30", number="昭和の許可")
    by = town.worker_of(case)
    actions.confirm(case, number="", by=by)
    desk.acknowledge(case, by=by)
    assert not Holding.objects.exists() and case.credentials.exists()
    assert case.events.filter(kind="holding-confirmed", data__holding="").exists()


def test_a_number_that_nobody_has_is_told(clock):
    clock("2026-07-01")
    case = closure_of(None, closed_on="2026-06-30")
    with pytest.raises(ActionRefused, match="9中保第9号"):
        actions.confirm(case, number="9中保第9号", by=town.worker_of(case))
    assert not Concern.objects.exists()


def test_the_number_in_an_application_is_looked_up_but_an_officer_confirms(clock):
    clock("2026-06-15")
    first = permitted()
    clock("2026-07-01")
    case = closure_of(first, closed_on="2026-06-30")
    actions.connect(case)
    concern = queries.concern_of(case)
    assert (concern.holding, concern.by) == (Holding.objects.get(), None)
    with pytest.raises(ActionRefused, match="台帳"):
        desk.acknowledge(case, by=town.worker_of(case))


def test_of_two_cases_about_one_the_first_decision_wins_and_the_second_is_looked_at_again(clock):
    clock("2026-06-15")
    first = permitted()
    clock("2026-07-01")
    one, other = closure_of(first, closed_on="2026-06-30"), closure_of(first, closed_on="2026-06-28")
    by = town.worker_of(one)
    for case in (one, other):
        actions.confirm(case, number=first.decision.document_number, by=by)
    desk.acknowledge(one, by=by)
    with pytest.raises(ActionRefused, match="変わりました"):
        desk.acknowledge(other, by=by)
    actions.confirm(other, number=first.decision.document_number, by=by)
    with pytest.raises(ActionRefused, match="終わっています"):
        desk.acknowledge(other, by=by)
    actions.confirm(other, number="", by=by)
    desk.acknowledge(other, by=by)
    assert Entry.objects.filter(effect="end").count() == 1


def test_a_renewal_is_not_drafted_before_somebody_compared_it(clock):
    clock("2026-06-15")
    first = permitted()
    clock("2032-05-01")
    case = renewal_of(first, confirmed=False)
    with pytest.raises(ActionRefused, match="台帳"):
        desk.propose(case, result="granted", by=town.worker_of(case))


def test_a_holding_that_changed_while_the_draft_went_round_stops_the_last_seat(clock):
    clock("2026-06-15")
    first = permitted()
    clock("2032-05-01")
    case = renewal_of(first)
    draft = desk.propose(case, result="granted", by=town.worker_of(case))
    seat = next_seat(draft)
    approve_seat(draft, by=town.holder_of_seat(seat))
    holding = Holding.objects.get()
    defined = queries.registers()["food-business"]
    told = {"effect": "change", "values": {"main_foods": "そば"}, "on": date(2032, 5, 1)}
    actions.enter(holding, defined, by=town.sasaki(), **told)
    last = town.holder_of_seat(next_seat(draft))
    with pytest.raises(ActionRefused, match="変わりました"):
        desk.approve(draft, by=last)
    actions.confirm(case, number=holding.number, by=town.worker_of(case))
    assert desk.approve(draft, by=last)
    assert Holding.objects.get().until == date(2038, 6, 15)


def test_the_paper_of_a_change_may_be_withdrawn_and_the_permit_stands(clock):
    clock("2026-06-15")
    first = permitted()
    case = changed(first, "くみの台所")
    desk.withdraw_document(case.credentials.get(), reason="誤記", by=town.yamamoto())
    assert Holding.objects.get().standing == "in-force"
    desk.withdraw_document(first.credentials.get(), reason="虚偽の申請", by=town.yamamoto())
    assert Holding.objects.get().standing == "ended"


def test_a_change_sets_what_was_said_and_leaves_the_rest(clock):
    clock("2026-06-15")
    before = permitted().filings.get(step="").answers
    first = Holding.objects.get()
    changed(first.entries.get().case, "くみの台所")
    now = Holding.objects.get().values
    assert (now["trade_name"], now["main_foods"]) == ("くみの台所", before["main_foods"])


def test_what_is_corrected_after_somebody_confirmed_it_is_looked_at_again(clock):
    clock("2026-06-15")
    one, other = permitted(), permitted()
    clock("2026-07-01")
    case = closure_of(one, closed_on="2026-06-30")
    actions.confirm(case, number=one.decision.document_number, by=town.sasaki())
    actions.connect(case, again=True)
    assert queries.concern_of(case).by is not None  # nothing of it changed
    with without_guards():
        filing = case.filings.get(step="")
        case.filings.update(answers={**filing.answers, "permit_number": other.decision.document_number})
    actions.connect(case, again=True)
    concern = queries.concern_of(case)
    assert (concern.by, concern.holding.number) == (None, other.decision.document_number)
    with pytest.raises(ActionRefused, match="台帳"):
        desk.acknowledge(case, by=town.sasaki())


def test_a_number_that_a_list_has_already_stops_no_decision(clock):
    clock("2026-06-15")
    taken = a_holding(date(2020, 4, 1), number="8中保第1号")
    case = permitted()
    assert case.decision.document_number == taken.number
    made = queries.of_document(case)
    assert made != taken and made.number.startswith(taken.number) and queries.in_force(made)


def test_a_suspended_right_is_renewed_and_stays_suspended(clock):
    clock("2026-06-15")
    first = permitted()
    holding, defined = Holding.objects.get(), queries.registers()["food-business"]
    clock("2032-05-01")
    case = renewal_of(first, confirmed=False)
    actions.enter(holding, defined, effect="suspend", values={}, on=date(2032, 5, 1), by=town.sasaki())
    actions.confirm(case, number=holding.number, by=town.sasaki())
    decided(case)
    assert (Holding.objects.get().standing, Holding.objects.get().until) == ("suspended", date(2038, 6, 15))


def test_where_the_law_keeps_it_in_force_a_renewal_decided_late_goes_on_from_the_end(clock, monkeypatch):
    clock("2026-06-15")
    first = permitted()
    kept = queries.registers()["food-business"]
    renewal = kept.register.renewal.model_copy(update={"keeps_force": True})
    lawful = replace(kept, register=kept.register.model_copy(update={"renewal": renewal}))
    monkeypatch.setattr(queries, "registers", lambda: {"food-business": lawful})
    clock("2032-06-01")
    case = renewal_of(first)
    clock("2032-06-20")
    decided(case)
    holding = Holding.objects.get()
    assert (case.decision.valid_from, holding.until) == (date(2032, 6, 16), date(2038, 6, 15))
    assert holding.last_seq == 2


def test_a_permit_that_was_withdrawn_before_the_register_was_there_is_not_taken_up(clock, monkeypatch):
    clock("2026-06-15")
    with monkeypatch.context() as before:
        before.setattr(queries, "registers", dict)
        before.setattr(actions, "_must_be_known", lambda case: None)
        case = permitted()
    withdraw(case.credentials.get(), reason="虚偽の申請", by=town.yamamoto())
    nightly.take_up_all(by=town.sasaki())
    assert not Holding.objects.exists()


def test_where_a_register_allows_one_each_nobody_succeeds_to_a_second(clock, monkeypatch):
    clock("2026-06-15")
    first = permitted()
    case = town.applied(SUCCESSION, permit_number=first.decision.document_number)
    kept = queries.registers()["food-business"]
    strict = replace(kept, register=kept.register.model_copy(update={"one_each": True}))
    monkeypatch.setattr(queries, "registers", lambda: {"food-business": strict})
    own = a_holding(date(2026, 4, 1), {"operator": case.filings.get(step="").answers["applicant"]})
    by = town.worker_of(case)
    town.ticked(case, by)
    town.compared(case, by)
    assert own.holder_key
    with pytest.raises(ActionRefused, match=own.number):
        desk.acknowledge(case, by=by)
    case.refresh_from_db()
    assert case.is_open and Entry.objects.filter(effect="succeed").count() == 0
    monkeypatch.setattr(queries, "registers", lambda: {"food-business": kept})
    desk.acknowledge(case, by=by)  # the control: a restaurant owner may have two
    assert Entry.objects.filter(effect="succeed").count() == 1


def test_nobody_of_another_office_confirms(clock):
    clock("2026-07-01")
    case = closure_of(None, closed_on="2026-06-30")
    with pytest.raises(ActionRefused, match="担当課"):
        actions.confirm(case, number="", by=town.kato())


def test_a_case_about_no_register_is_asked_nothing():
    case = paying.paid(town.applied(town.RESTAURANT))
    advance_step(case, outcome="complete", by=town.worker_of(case))
    with pytest.raises(ActionRefused, match="台帳にあるもの"):
        actions.confirm(case, number="1", by=town.worker_of(case))
