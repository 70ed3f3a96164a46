"""The applicant's timeline tells what came of a step, not that it was left: every kind of event, every outcome."""

import pytest
from django.utils.translation import override

from madoguchi.cases.flow_check import check_flow
from madoguchi.cases.kinds import KINDS, on_timeline
from madoguchi.cases.models import Case, Event
from madoguchi.cases.queries import flows
from madoguchi.catalogue.queries import current
from madoguchi.counter import timeline

pytestmark = pytest.mark.django_db
LANGUAGES = ("ja", "en", "ja-easy")
MOVES = [
    (flow.code, step.id, name) for flow in flows().values() for step in flow.steps for name in flow.outcomes(step.id)
]


def told(flow: str, kind: str, language: str = "ja", **data) -> str:
    versions = {one.compiled.procedure.flow: one.compiled.version_id for one in current().values()}
    with override(language):
        return timeline.told(Case(flow=flow, version_id=versions[flow]), Event(kind=kind, data=data))


@pytest.mark.parametrize(("flow", "step", "outcome"), MOVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_is_over_only_with_an_outcome_that_finishes_it(flow, step, outcome, language):
    left = flows()[flow].step_by_id[step]
    chosen = flows()[flow].outcomes(step)[outcome]
    to = flows()[flow].step_by_id.get(chosen.to)
    said = told(flow, "moved", language, **{"from": step, "outcome": outcome, "to": chosen.to})
    with override(language):
        over = timeline._("%(step)sが終わりました") % {"step": left.text(language)}
    if to is None or to.is_correction or left.is_correction:
        assert said != over
    elif chosen.finishes:
        assert said == over
    else:
        assert said != over
        assert to.text(language) in said


@pytest.mark.parametrize("flow", [code for code, flow in flows().items() if "approval" in flow.step_by_id])
def test_a_send_back_does_not_end_the_approval(flow):
    assert told(flow, "moved", **{"from": "approval", "outcome": "sent-back", "to": "drafting"}).endswith("起案")


def test_an_answer_that_did_not_come_is_told():
    said = told("permit", "moved", **{"from": "correction", "outcome": "not-corrected", "to": "intake"})
    assert said == "期限までに回答がなかったため、いまの内容で進めます"
    assert told("permit", "moved", **{"from": "correction", "outcome": "corrected", "to": "intake"}) == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted({*on_timeline()} - {"moved"}))
def test_every_kind_that_the_applicant_sees_has_words(kind, language):
    assert told("permit", kind, language, result="granted")


def test_what_the_applicant_does_not_see_has_none():
    assert all(told("permit", kind) == "" for kind in KINDS if kind not in on_timeline())


def test_a_notification_is_not_decided():
    assert told("notification", "decided", result="acknowledged") == "届出の形式を確認しました"
    assert told("permit", "decided", result="refused") == "決定しました"


def test_a_part_of_the_fee_is_not_the_fee():
    assert told("permit", "paid", due=300, yen=100) == "手数料の一部の支払いを確認しました"
    assert told("permit", "paid", due=0, yen=100) == "手数料の支払いを確認しました"


@pytest.mark.parametrize("step", ["approval", "drafting"])
def test_a_flow_that_forgets_to_say_so_is_refused(step):
    """The control: without `finishes: false` the check of flows finds the outcome."""
    flow = flows()["permit"]
    at = flow.step_by_id[step]
    outcomes = {name: outcome.model_copy(update={"finishes": True}) for name, outcome in at.outcomes.items()}
    steps = tuple(at.model_copy(update={"outcomes": outcomes}) if one is at else one for one in flow.steps)
    forgetful = flow.model_validate({**flow.model_dump(), "steps": [one.model_dump() for one in steps]})
    assert check_flow(flow) == ()
    assert [fault.step for fault in check_flow(forgetful)] == [step]
