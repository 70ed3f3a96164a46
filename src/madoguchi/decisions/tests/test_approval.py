"""A draft goes up the chain seat by seat; nobody decides out of turn, in own cause, or without reasons."""

import pytest
from django.db import IntegrityError, transaction

from madoguchi.cases import actions as cases
from madoguchi.cases import events
from madoguchi.cases.models import Case, DocumentNumber
from madoguchi.decisions import actions
from madoguchi.decisions.models import Decision, Draft
from madoguchi.desk import actions as desk
from madoguchi.foundation.dates import fiscal_year, today
from madoguchi.people.actor import PUBLIC, applicant, worker
from madoguchi.platform.failpoints import FailpointReached
from madoguchi.platform.refusing import ActionRefused
from tests import town
from tests.forced import without_guards

pytestmark = pytest.mark.django_db
REASONS = {"reasons": ["facility_standard"], "explanation": "現地で、手洗い設備がないことを確認した。"}


@pytest.fixture
def case():
    return town.drafting(town.applied())


def seats(draft):
    return [(seat.office, seat.position, seat.joint, seat.final) for seat in draft.approvals.all()]


def unchanged(case, step="approval"):
    case.refresh_from_db()
    return case.step == step and not Decision.objects.exists() and not DocumentNumber.objects.exists()


# ---------------------------------------------------------------- drafting


def test_a_permit_goes_to_chief_and_manager(case):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    assert seats(draft) == [(town.HEALTH, "chief", False, False), (town.HEALTH, "manager", False, True)]


def test_a_refusal_goes_further_up_and_past_the_legal_section(case):
    draft = actions.propose(case, result="refused", by=town.sasaki(), **REASONS)
    assert seats(draft) == [
        (town.HEALTH, "chief", False, False),
        (town.HEALTH, "manager", False, False),
        (town.LEGAL, "manager", True, False),
        (town.HEALTH, "director", False, True),
    ]


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"reasons": ["facility_standard"]},
        {"explanation": "設備がない。"},
        {"reasons": ["facility_standard"], "explanation": " \n"},
        {"reasons": ["invented"], "explanation": "設備がない。"},
    ],
    ids=["nothing", "no facts", "no reason", "blank facts", "an invented reason"],
)
def test_a_refusal_without_reasons_cannot_be_drafted(case, parts):
    with pytest.raises(ActionRefused):
        actions.propose(case, result="refused", by=town.sasaki(), **parts)
    assert unchanged(case, "drafting")


def test_the_database_refuses_a_draft_of_a_refusal_without_reasons(case):
    by = town.sasaki().officer
    for parts in ({"reasons": [], "explanation": "x"}, {"reasons": ["x"], "explanation": ""}):
        with pytest.raises(IntegrityError, match="draft_refusal_has_reasons"), transaction.atomic():
            Draft.objects.create(case=case, result="refused", drafted_by=by, drafted_at=case.received_at, **parts)


@pytest.mark.parametrize("lack", [{"reasons": []}, {"appeal": []}])
def test_the_database_refuses_a_refusal_without_reasons_or_appeal_notice(case, lack):
    town.approved_by_all(actions.propose(case, result="refused", by=town.sasaki(), **REASONS))
    with pytest.raises(IntegrityError, match="decision_refusal_is_lawful"), transaction.atomic(), without_guards():
        Decision.objects.filter(case=case).update(**lack)


@pytest.mark.parametrize("result", ["acknowledged", "granted-in-part", "withdrawn", ""])
def test_a_decision_that_the_flow_lacks_cannot_be_drafted(case, result):
    with pytest.raises(ActionRefused):
        actions.propose(case, result=result, by=town.sasaki(), **REASONS)


@pytest.mark.parametrize("who", [town.kato, town.suzuki, town.kanno])
def test_only_the_offices_officers_draft(case, who):
    with pytest.raises(ActionRefused):
        actions.propose(case, result="granted", by=who())


@pytest.mark.parametrize("who", [PUBLIC, worker("timer"), applicant("0000-0000-000")])
def test_nobody_but_officers_drafts(case, who):
    with pytest.raises(ActionRefused):
        actions.propose(case, result="granted", by=who)


def test_nothing_is_drafted_before_the_review_is_done():
    with pytest.raises(ActionRefused) as refused:
        actions.propose(town.applied(), result="granted", by=town.sasaki())
    assert refused.value.conflict


def test_a_second_draft_waits_for_the_first(case):
    actions.propose(case, result="granted", by=town.sasaki())
    with pytest.raises(ActionRefused):
        actions.propose(case, result="granted", by=town.ogawa())
    with pytest.raises(IntegrityError, match="draft_one_pending"), transaction.atomic():
        Draft.objects.create(case=case, result="granted", drafted_by=town.ogawa().officer, drafted_at=case.received_at)


# ---------------------------------------------------------------- the chain


def test_the_last_approval_decides_numbers_and_issues(case):
    draft = actions.propose(case, result="granted", by=town.sasaki(), conditions=["換気扇を増やすこと。", " "])
    assert desk.approve(draft, by=town.tanaka(), comment="よい") is None
    assert unchanged(case)
    credential = desk.approve(draft, by=town.yamamoto())
    decision = Decision.objects.get()
    case.refresh_from_db()
    assert (case.step, case.result, case.is_open) == ("granted", "granted", False)
    assert (decision.number, credential.number) == (1, decision.document_number)
    assert decision.conditions[-1] == "換気扇を増やすこと。"
    assert decision.valid_until > decision.decided_on
    kinds = [event.kind for event in case.events.order_by("seq")]
    assert kinds[-7:] == ["drafted", "approved", "approved", "moved", "decided", "registered", "issued"]
    assert events.verify(case) is None


def test_a_refusal_carries_reasons_facts_and_appeal_notice(case):
    town.approved_by_all(actions.propose(case, result="refused", by=town.sasaki(), **REASONS))
    decision = Decision.objects.get()
    assert (decision.result, decision.conditions, decision.valid_until) == ("refused", [], None)
    assert "食品衛生法" in decision.reasons[0]["law"]
    assert decision.explanation == REASONS["explanation"]
    assert "3か月以内" in decision.appeal[0]
    assert "6か月以内" in decision.appeal[1]


@pytest.mark.parametrize("who", [town.yamamoto, town.watanabe, town.sasaki, town.suzuki, town.kato, town.norino])
def test_out_of_turn_nobody_approves(case, who):
    draft = actions.propose(case, result="refused", by=town.ogawa(), **REASONS)
    with pytest.raises(ActionRefused):
        desk.approve(draft, by=who())
    assert unchanged(case)


@pytest.mark.parametrize("who", [PUBLIC, worker("timer"), applicant("0000-0000-000")])
def test_nobody_but_officers_approves(case, who):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    with pytest.raises(ActionRefused):
        desk.approve(draft, by=who)


def test_the_same_seat_is_not_filled_twice(case):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    desk.approve(draft, by=town.tanaka())
    with pytest.raises(ActionRefused):
        desk.approve(draft, by=town.tanaka())
    assert unchanged(case)


def test_the_joint_office_approves_in_its_turn(case):
    draft = actions.propose(case, result="refused", by=town.sasaki(), **REASONS)
    for who in (town.tanaka(), town.yamamoto()):
        desk.approve(draft, by=who)
    with pytest.raises(ActionRefused):
        desk.approve(draft, by=town.watanabe())
    desk.approve(draft, by=town.norino())
    assert desk.approve(draft, by=town.watanabe()).form == "refusal"


def test_nobody_approves_an_own_draft(case):
    draft = actions.propose(case, result="granted", by=town.tanaka())
    with pytest.raises(ActionRefused):
        desk.approve(draft, by=town.tanaka())
    desk.approve(draft, by=town.officer("別の 係長", town.HEALTH, "chief"))


def test_a_decided_draft_is_not_approved_again(case):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    town.approved_by_all(draft)
    with pytest.raises(ActionRefused) as refused:
        desk.approve(draft, by=town.yamamoto())
    assert refused.value.conflict
    assert Decision.objects.count() == 1


# ---------------------------------------------------------------- send back


def test_a_draft_that_is_sent_back_may_be_drafted_anew(case):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    desk.approve(draft, by=town.tanaka())
    actions.send_back(draft, by=town.yamamoto(), comment="換気の確認が足りません。")
    draft.refresh_from_db()
    case.refresh_from_db()
    assert (draft.state, case.step) == ("sent-back", "drafting")
    assert town.approved_by_all(actions.propose(case, result="granted", by=town.sasaki())).case == case


@pytest.mark.parametrize("comment", ["", " \n"])
def test_sending_back_says_why(case, comment):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    with pytest.raises(ActionRefused):
        actions.send_back(draft, by=town.tanaka(), comment=comment)


def test_only_the_seat_in_turn_sends_back(case):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    for who in (town.yamamoto(), town.kato(), town.sasaki()):
        with pytest.raises(ActionRefused):
            actions.send_back(draft, by=who, comment="戻します。")


def test_a_draft_that_was_sent_back_cannot_be_approved(case):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    actions.send_back(draft, by=town.tanaka(), comment="戻します。")
    with pytest.raises(ActionRefused) as refused:
        desk.approve(draft, by=town.tanaka())
    assert refused.value.conflict


# ---------------------------------------------------------------- numbers, and the document in the same transaction


def test_numbers_run_without_gaps_within_office_and_year():
    numbers = [town.decided(town.applied()).number for _n in range(3)]
    year = fiscal_year(today()) - 2018
    assert numbers == [f"{year}中保第{n}号" for n in (1, 2, 3)]
    assert town.decided(town.applied(town.LICENCE)).number == f"{year}建業第1号"


def test_a_decision_that_is_rolled_back_gives_its_number_back(case, monkeypatch):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    desk.approve(draft, by=town.tanaka())
    monkeypatch.setenv("MADOGUCHI_FAILPOINTS", "after-signing=raise")
    for _attempt in range(3):
        with pytest.raises(FailpointReached):
            desk.approve(draft, by=town.yamamoto())
        assert unchanged(case)
    monkeypatch.delenv("MADOGUCHI_FAILPOINTS")
    assert desk.approve(draft, by=town.yamamoto()).number.endswith("第1号")


def test_a_signer_that_fails_leaves_no_decision_and_the_case_in_approval(case, settings, tmp_path):
    """The key really is gone: signing raises, and everything that was decided with it is undone."""
    from madoguchi.credentials.actions import signer

    draft = actions.propose(case, result="granted", by=town.sasaki())
    desk.approve(draft, by=town.tanaka())
    before = case.events.count()
    there, settings.KEYS_DIR = settings.KEYS_DIR, tmp_path
    signer.cache_clear()
    with pytest.raises(OSError, match="signer"):
        desk.approve(draft, by=town.yamamoto())
    settings.KEYS_DIR = there
    draft.refresh_from_db()
    assert unchanged(case)
    assert (draft.state, actions.next_seat(draft).position, case.events.count()) == ("pending", "manager", before)
    assert not case.credentials.exists()
    assert desk.approve(draft, by=town.yamamoto()).case == case


def test_a_note_does_not_disturb_a_draft_on_its_way(case):
    draft = actions.propose(case, result="granted", by=town.sasaki())
    cases.note(case, text="決裁中です。", by=town.ogawa())
    assert town.approved_by_all(draft).case == case
    case.refresh_from_db()
    assert events.verify(case) is None


def test_the_office_that_decides_jointly_sees_the_case_once_it_is_drafted(case):
    assert not Case.objects.for_actor(town.norino()).exists()
    actions.propose(case, result="refused", by=town.sasaki(), **REASONS)
    assert list(Case.objects.for_actor(town.norino())) == [case]
    assert not Case.objects.for_actor(town.kato()).exists()
