"""Flows are followed as they are written; one that breaks the law or leads nowhere is refused with its remedy."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from madoguchi.cases.flow import Flow, OutcomeRefused, Transition, advance, path_to_decision
from madoguchi.cases.flow_check import FlowsRefused, check_flow, load_flows

DIRECTORY = Path(__file__).parents[4] / "flows"
FLOWS = load_flows(DIRECTORY)
PERMIT, NOTIFICATION = FLOWS["permit"], FLOWS["notification"]
each_flow = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)


def changed(flow, **parts):
    """The flow with some parts of its file changed."""
    return Flow.model_validate(flow.model_dump() | parts)


def with_step(flow, step_id, **parts):
    """The flow with some parts of one step changed."""
    return changed(flow, steps=[step | parts if step["id"] == step_id else step for step in flow.model_dump()["steps"]])


def outcome(to, **parts):
    return {"to": to, "name": "進む", "name_en": "Go on", "name_easy": "進む"} | parts


def faults(flow):
    """(step, sentence) of each fault."""
    return [(fault.step, fault.sentence) for fault in check_flow(flow)]


def ids(path):
    return [step.id for step in path]


# --- following --------------------------------------------------------------------------------------


def test_the_flows_of_the_town():
    assert set(FLOWS) >= {
        "permit", "licence", "notification", "grant", "certification", "disclosure", "registration",
    }  # fmt: skip


def test_a_permit_goes_from_review_to_inspection():
    assert advance(PERMIT, "review", "inspection-needed") == Transition("inspection", False, None, "runs", "officer")


def test_the_inspection_may_be_skipped():
    assert advance(PERMIT, "review", "reviewed").to == "drafting"


@pytest.mark.parametrize("decision", ["granted", "refused"])
def test_an_approval_ends_in_the_decision_that_was_drafted(decision):
    ended = advance(PERMIT, "approval", "approved", decision=decision)
    assert ended == Transition(decision, True, decision, "stopped", "approver")


def test_a_request_for_documents_may_be_granted_in_part():
    assert advance(FLOWS["disclosure"], "approval", "approved", decision="granted-in-part").to == "granted-in-part"


def test_an_approver_sends_a_draft_back():
    assert advance(PERMIT, "approval", "sent-back").to == "drafting"


@each_flow
def test_a_correction_pauses_the_clock_and_returns_to_the_step_that_asked(flow):
    asking = [step for step in flow.steps if "correction-asked" in step.outcomes]
    assert asking
    for step in asking:
        asked = advance(flow, step.id, "correction-asked")
        assert flow.step_by_id[asked.to].is_correction
        assert asked.clock == "paused"
        for answer in ("corrected", "not-corrected"):
            assert advance(flow, asked.to, answer).to == step.id


@each_flow
def test_the_applicant_withdraws_from_every_step(flow):
    for step in flow.steps:
        assert advance(flow, step.id, "withdrawn") == Transition("withdrawn", True, None, "stopped", "applicant")


def test_a_notification_has_no_yes_or_no():
    assert {row.decision for row in NOTIFICATION.table.values()} == {None, "acknowledged"}


def test_what_an_officer_may_declare_is_told_from_what_the_applicant_may():
    assert set(PERMIT.outcomes("correction", "officer")) == {"not-corrected"}
    assert set(PERMIT.outcomes("correction", "applicant")) == {"corrected", "withdrawn"}


def test_the_display_period_of_a_certification_is_ended_by_the_system():
    assert FLOWS["certification"].step_by_id["public-inspection"].wait.days == 14
    assert advance(FLOWS["certification"], "public-inspection", "elapsed").by == "system"


@pytest.mark.parametrize(
    ("step", "given", "sentence"),
    [
        (
            "approval",
            "granted",
            "選べるもの: 起案のとおり決裁する(approved)、差し戻す(sent-back)、取り下げる(withdrawn)",
        ),
        ("approval", "approved", "選べるもの: 許可(granted)、不許可(refused)"),
        ("granted", "withdrawn", "「許可」で終わっている"),
        ("search", "found", "「search」という段階はありません"),
    ],
)
def test_what_is_not_possible_is_refused_with_what_is(step, given, sentence):
    with pytest.raises(OutcomeRefused) as refused:
        advance(PERMIT, step, given)
    assert sentence in str(refused.value)


def test_a_decision_that_the_flow_does_not_have_is_refused():
    with pytest.raises(OutcomeRefused, match=r"許可\(granted\)"):
        advance(PERMIT, "approval", "approved", decision="granted-in-part")


def test_the_usual_course_of_a_permit():
    assert ids(path_to_decision(PERMIT, "intake")) == ["intake", "review", "inspection", "drafting", "approval"]
    assert ids(path_to_decision(PERMIT, "review-correction"))[:2] == ["review-correction", "review"]
    assert path_to_decision(PERMIT, "granted") == ()


def test_the_course_of_an_unknown_step_is_refused():
    with pytest.raises(OutcomeRefused):
        path_to_decision(PERMIT, "nowhere")


@each_flow
def test_every_text_exists_in_every_language(flow):
    for named in (flow, *flow.steps, *flow.ends, *flow.anywhere.values()):
        assert all(named.text(language) for language in ("ja", "en", "ja-easy"))
    for step in flow.steps:
        assert len({bool(step.advice(language)) for language in ("ja", "en", "ja-easy")}) == 1


# --- faults -----------------------------------------------------------------------------------------


def test_a_name_that_a_language_lacks_is_a_fault_of_the_file_and_is_said_in_japanese():
    flow = changed(FLOWS["permit"], name_en="")
    assert faults(flow) == [(flow.name, "It has no name in English.")]
    assert flow.text("en") == flow.name


def test_an_unknown_step_is_a_fault():
    broken = with_step(PERMIT, "review", outcomes={"reviewed": outcome("draughting")})
    assert faults(broken) == [("review", "reviewed leads to draughting, which does not exist.")]


def test_an_unknown_start_is_a_fault():
    assert faults(changed(PERMIT, start="door"))[0][0] == "door"


def test_an_unreachable_step_is_a_fault():
    broken = with_step(PERMIT, "review", outcomes={"reviewed": outcome("drafting")})
    assert ("inspection", "Nothing leads here.") in faults(broken)


def test_a_step_that_never_ends_is_a_fault():
    broken = with_step(PERMIT, "inspection", outcomes={"again": outcome("inspection")})
    assert any(step == "inspection" and "No end can be reached" in sentence for step, sentence in faults(broken))


def test_a_usual_course_that_turns_in_a_circle_is_a_fault():
    approval = PERMIT.model_dump()["steps"][-1]["outcomes"]
    broken = with_step(PERMIT, "approval", outcomes=dict(reversed(approval.items())))
    assert any("No end can be reached" in sentence for _step, sentence in faults(broken))


@pytest.mark.parametrize("kinds", [["notification"], ["application", "notification"]])
def test_a_notification_with_yes_or_no_is_a_fault(kinds):
    assert any("no yes or no" in sentence for _step, sentence in faults(changed(PERMIT, kinds=kinds)))


def test_an_application_that_is_only_acknowledged_is_a_fault():
    assert any("no yes or no" in sentence for _step, sentence in faults(changed(NOTIFICATION, kinds=["application"])))


@pytest.mark.parametrize("target", ["refused", "decision"])
def test_a_refusal_outside_the_approval_is_a_fault(target):
    broken = with_step(PERMIT, "drafting", outcomes={"drafted": outcome("approval"), "no": outcome(target)})
    assert ("drafting", "no refuses outside the approval.") in faults(broken)


def test_a_decision_without_its_end_is_a_fault():
    assert ("ends", "Not every decision has exactly one end.") in faults(changed(PERMIT, decisions=["granted"]))


def test_a_wait_without_the_system_is_a_fault():
    assert faults(with_step(PERMIT, "inspection", wait={"days": 3, "unit": "working"}))[0][0] == "inspection"


def test_a_clock_that_runs_during_a_correction_is_a_fault():
    assert ("correction", "The clock runs while the office waits.") in faults(
        with_step(PERMIT, "correction", clock="runs")
    )


@pytest.mark.parametrize(
    "target", [outcome("refused", by="officer"), outcome("withdrawn"), outcome("review", by="officer")]
)
def test_an_outcome_of_every_step_ends_undecided_and_says_by_whom(target):
    assert any(step == "anywhere" for step, _sentence in faults(changed(PERMIT, anywhere={"withdrawn": target})))


def test_an_outcome_of_every_step_is_written_once():
    broken = with_step(NOTIFICATION, "correction", outcomes={"withdrawn": outcome("intake")})
    assert ("correction", "withdrawn stands under anywhere already.") in faults(broken)


@pytest.mark.parametrize("parts", [{"colour": "red"}, {"steps": PERMIT.model_dump()["steps"] * 2}])
def test_misspelt_keys_and_ids_used_twice_are_refused(parts):
    with pytest.raises(ValidationError):
        changed(PERMIT, **parts)


def test_all_faults_of_all_files_are_reported_with_their_remedies(tmp_path):
    text = (DIRECTORY / "permit.yaml").read_text(encoding="utf-8")
    (tmp_path / "permit.yaml").write_text(text.replace("to: inspection", "to: inspektion"), encoding="utf-8")
    (tmp_path / "other.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "torn.yaml").write_text("code: [", encoding="utf-8")
    with pytest.raises(FlowsRefused) as refused:
        load_flows(tmp_path)
    assert set(refused.value.faults) == {"permit.yaml", "other.yaml", "torn.yaml"}
    assert "Name the file permit.yaml." in str(refused.value)
