"""What officers and applicants do with a case, and what is refused."""

from datetime import date, timedelta

import pytest

from madoguchi.cases import actions, events
from madoguchi.cases.correspondence import Consultation
from madoguchi.cases.models import Case
from madoguchi.cases.queries import read_log
from madoguchi.people.actor import PUBLIC, applicant, worker
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused
from tests import paying, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return town.applied()


def tomorrow():
    return today() + timedelta(days=1)


def ask(case, by, items=(("seats", "図面と違います。"),), answer_by=None):
    return actions.ask_correction(case, items=items, answer_by=answer_by or tomorrow(), by=by)


DEEDS = {
    "advance": lambda case, by: actions.advance_step(case, outcome="complete", by=by),
    "take": lambda case, by: actions.take(case, by=by),
    "tick": lambda case, by: actions.tick(case, item="complete", done=True, by=by),
    "ask": ask,
    "consult": lambda case, by: actions.consult(case, office="legal", question="いかがでしょうか。", by=by),
}
STRANGERS = {
    "public": lambda case: PUBLIC,
    "applicant": lambda case: applicant(case.reference),
    "worker": lambda case: worker("timer"),
    "other office": lambda case: town.kato(),
    "clerk": lambda case: town.suzuki(),
    "administrator": lambda case: town.kanno(),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_only_the_offices_own_officers_work_on_a_case(case, deed, stranger):
    with pytest.raises(ActionRefused):
        DEEDS[deed](case, STRANGERS[stranger](case))
    case.refresh_from_db()
    assert (case.step, case.last_seq) == ("intake", 1)


@pytest.mark.parametrize("deed", DEEDS)
def test_the_offices_own_officer_may(case, deed):
    DEEDS[deed](paying.paid(case), town.sasaki())
    case.refresh_from_db()
    assert case.last_seq > 1
    assert events.verify(case) is None


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_done_to_a_case_that_has_ended(case, deed):
    actions.withdraw(case, by=applicant(case.reference))
    with pytest.raises(ActionRefused) as refused:
        DEEDS[deed](case, town.sasaki())
    assert refused.value.conflict


def test_a_step_ends_with_one_of_its_outcomes(case):
    assert actions.advance_step(paying.paid(case), outcome="complete", by=town.sasaki()).step == "review"
    assert case.tasks.filter(closed_at=None).get().step == "review"


@pytest.mark.parametrize("outcome", ["reviewed", "approved", "correction-asked", "withdrawn", "", "complete "])
def test_other_outcomes_are_refused_as_a_conflict(case, outcome):
    with pytest.raises(ActionRefused) as refused:
        actions.advance_step(case, outcome=outcome, by=town.sasaki())
    assert refused.value.conflict


def test_drafting_cannot_be_skipped_by_a_plain_outcome(case):
    case = town.drafting(case)
    with pytest.raises(ActionRefused):
        actions.advance_step(case, outcome="drafted", by=town.sasaki())


def test_the_second_of_two_officers_with_an_old_page_is_told(case):
    actions.advance_step(paying.paid(case), outcome="complete", by=town.sasaki())
    with pytest.raises(ActionRefused) as refused:
        actions.advance_step(case, outcome="complete", by=town.ogawa())
    assert refused.value.conflict


def test_a_case_is_taken_by_an_officer(case):
    by = town.sasaki()
    assert actions.take(case, by=by).assignee == by.officer
    assert actions.take(case, by=town.ogawa()).assignee != by.officer


# ---------------------------------------------------------------- correction, asking


@pytest.mark.parametrize("items", [(), (("invented", "直してください。"),), (("seats", "  "),)])
def test_a_correction_says_what_and_why(case, items):
    with pytest.raises(ActionRefused):
        ask(case, town.sasaki(), items=items)
    assert not case.corrections.exists()


@pytest.mark.parametrize("days", [0, -1])
def test_a_correction_leaves_time_to_answer(case, days):
    with pytest.raises(ActionRefused):
        ask(case, town.sasaki(), answer_by=today() + timedelta(days=days))


def test_a_second_correction_waits_for_the_first(case):
    ask(case, town.sasaki())
    with pytest.raises(ActionRefused) as refused:
        ask(case, town.ogawa())
    assert refused.value.conflict
    assert case.corrections.count() == 1


# ---------------------------------------------------------------- withdrawal


def test_the_applicant_withdraws_before_the_decision(case):
    case = actions.withdraw(case, by=applicant(case.reference))
    assert (case.result, case.is_open) == ("withdrawn", False)
    assert [event.kind for event in case.events.order_by("seq")][-1] == "withdrawn"


@pytest.mark.parametrize("who", [PUBLIC, applicant("0000-0000-000"), worker("timer")])
def test_nobody_else_withdraws(case, who):
    with pytest.raises(ActionRefused):
        actions.withdraw(case, by=who)


def test_an_officer_of_another_office_does_not_withdraw_in_the_applicants_name(case):
    with pytest.raises(ActionRefused):
        actions.withdraw(case, by=town.kato())


def test_what_was_decided_cannot_be_withdrawn(case):
    town.decided(case)
    with pytest.raises(ActionRefused) as refused:
        actions.withdraw(case, by=applicant(case.reference))
    assert refused.value.conflict


def test_a_case_in_approval_can_be_withdrawn_and_then_not_approved(case):
    draft = town.drafted(case)
    actions.withdraw(case, by=applicant(case.reference))
    with pytest.raises(ActionRefused):
        town.approved_by_all(draft)
    case.refresh_from_db()
    assert case.result == "withdrawn"


# ---------------------------------------------------------------- consultation, notes, check list


def test_a_consulted_office_may_read_and_answer(case):
    asked = actions.consult(case, office="construction-industry", question="支障はありませんか。", by=town.sasaki())
    assert Case.objects.for_actor(town.kato()).get() == case
    answered = actions.answer_consultation(asked, answer="支障ありません。", by=town.kato())
    assert (answered.answer, answered.answered_by) == ("支障ありません。", town.kato().officer)


def test_an_office_that_was_not_asked_neither_reads_nor_answers(case):
    asked = actions.consult(case, office="legal", question="いかがでしょうか。", by=town.sasaki())
    assert not Case.objects.for_actor(town.kato()).exists()
    with pytest.raises(ActionRefused):
        actions.answer_consultation(asked, answer="支障ありません。", by=town.kato())


def test_a_consultation_is_answered_once(case):
    asked = actions.consult(case, office="construction-industry", question="いかがでしょうか。", by=town.sasaki())
    actions.answer_consultation(asked, answer="支障ありません。", by=town.kato())
    with pytest.raises(ActionRefused) as refused:
        actions.answer_consultation(asked, answer="やはり困ります。", by=town.kato())
    assert refused.value.conflict
    assert Consultation.objects.get().answer == "支障ありません。"


@pytest.mark.parametrize(
    ("office", "question"), [("chuo-health-center", "自分の課に"), ("invented", "ない課に"), ("legal", " ")]
)
def test_a_consultation_needs_another_office_and_a_question(case, office, question):
    with pytest.raises(ActionRefused):
        actions.consult(case, office=office, question=question, by=town.sasaki())


def test_an_empty_answer_to_a_consultation_is_refused(case):
    asked = actions.consult(case, office="construction-industry", question="いかがでしょうか。", by=town.sasaki())
    with pytest.raises(ActionRefused):
        actions.answer_consultation(asked, answer=" \n", by=town.kato())


def test_a_note_is_kept_for_colleagues(case):
    written = actions.note(case, text=" 電話で確認した。\n", by=town.sasaki())
    assert (written.text, written.by) == ("電話で確認した。", town.sasaki().officer)


@pytest.mark.parametrize("who", [PUBLIC, applicant("0000-0000-000")])
def test_only_officers_write_notes(case, who):
    with pytest.raises(ActionRefused):
        actions.note(case, text="メモ", by=who)


def test_an_officer_of_an_office_without_the_case_writes_no_note(case):
    with pytest.raises(ActionRefused):
        actions.note(case, text="メモ", by=town.kato())


def test_an_empty_note_is_refused(case):
    with pytest.raises(ActionRefused):
        actions.note(case, text=" ", by=town.sasaki())


def test_a_line_of_the_check_list_is_ticked_once_and_unticked(case):
    by = town.sasaki()
    for done in (True, True, False, False):
        actions.tick(case, item="complete", done=done, by=by)
    kinds = [event.kind for event in case.events.order_by("seq")]
    assert kinds == ["submitted", "checked", "unchecked"]
    assert not case.checks.exists()


@pytest.mark.parametrize("item", ["invented", "as_drawn"])
def test_a_line_of_no_or_another_step_is_refused(case, item):
    with pytest.raises(ActionRefused):
        actions.tick(case, item=item, done=True, by=town.sasaki())


# ---------------------------------------------------------------- the read log and the timer


def test_who_opened_the_file_is_told_once_an_hour(case, clock):
    for moment in ("2026-12-01 10:00", "2026-12-01 10:59", "2026-12-01 11:30"):
        clock(moment)
        actions.record_read(case, by=town.sasaki())
    actions.record_read(case, by=town.suzuki())
    log = read_log(case)
    assert [event.actor_code for event in log] == [town.suzuki().code, town.sasaki().code, town.sasaki().code]
    assert {event.data["office"] for event in log} == {"chuo-health-center"}


def test_the_applicants_own_look_is_not_logged(case):
    actions.record_read(case, by=applicant(case.reference))
    assert read_log(case) == []


def test_the_timer_leaves_a_step_alone_that_waits_for_a_person(case):
    actions.time_out(case, by=worker("timer"))
    case.refresh_from_db()
    assert (case.step, case.last_seq) == ("intake", 1)


# ---------------------------------------------------------------- who sees which case


def test_each_actor_sees_only_the_own_cases(case):
    other, house = town.applied(), town.applied(town.LICENCE)
    for actor, seen in [
        (PUBLIC, set()),
        (applicant(case.reference), {case}),
        (town.sasaki(), {case, other}),
        (town.suzuki(), {case, other}),
        (town.yamamoto(), {case, other}),
        (town.kato(), {house}),
        (town.kanno(), set()),
        (town.norino(), set()),
        (worker("timer"), {case, other, house}),
    ]:
        assert set(Case.objects.for_actor(actor)) == seen, actor


def test_a_day_is_a_day_of_the_town(clock):
    clock("2026-07-01 00:30")
    assert today() == date(2026, 7, 1)
