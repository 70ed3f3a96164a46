"""An independent BPMN engine walks the exported flows as ours does; a tampered export is noticed."""

import os
import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from madoguchi.cases.bpmn import to_bpmn
from madoguchi.cases.flow import advance
from madoguchi.cases.flow_check import load_flows

FLOWS = load_flows(Path(__file__).parents[4] / "flows")
SEED = int(os.environ.get("MADOGUCHI_SEED") or random.SystemRandom().randrange(10**9))
RUNS = int(os.environ.get("MADOGUCHI_ORACLE_RUNS") or 80)
BPMN = {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL"}
each_flow = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)


class OnlyComparisons(PythonScriptEngine):
    """Evaluates `outcome == "…"` and durations; Spiff's own engine would run any Python that stands in the file."""

    def evaluate(self, task, expression, external_context=None):
        if re.fullmatch(r"P\d+D", expression):
            return expression
        name, value = re.fullmatch(r'(outcome|decision) == "([a-z-]+)"', expression).groups()
        return task.data.get(name) == value

    def execute(self, task, script, external_context=None):
        raise AssertionError("an exported flow has no scripts")


# --- runs -------------------------------------------------------------------------------------------


def moves_of_one_run(flow, chance, taken):
    """(outcome, decision) from the start to an end; those taken least often so far come first, ties by chance."""
    here, moves = flow.start, []
    while here not in flow.end_by_id:
        possible = [row for row in flow.table if row[0] == here]
        row = min(possible, key=lambda row: (taken[row], chance.random()))
        taken[row] += 5 if row[1] in flow.anywhere else 1  # rarely, or few runs would get far
        moves.append(row[1:])
        here = flow.table[row].to
    return moves


@cache
def runs_of(code):
    chance, taken = random.Random(f"{SEED} {code}"), Counter()
    return [moves_of_one_run(FLOWS[code], chance, taken) for _ in range(RUNS)]


def our_trace(flow, moves):
    """(id, name) of each step that a case comes to, and of its end."""
    here, trace = flow.start, [(flow.start, flow.step_by_id[flow.start].name)]
    for outcome, decision in moves:
        here = advance(flow, here, outcome, decision=decision).to
        trace.append((here, (flow.step_by_id.get(here) or flow.end_by_id[here]).name))
    return trace


def engine_for(flow, document):
    """Makes fresh workflows of one parsed document."""
    parser = BpmnParser()
    parser.add_bpmn_xml(document)
    spec, subprocesses = parser.get_spec(flow.code), parser.get_subprocess_specs(flow.code)
    return lambda: BpmnWorkflow(spec, subprocesses, script_engine=OnlyComparisons())


def their_trace(flow, workflow, moves):
    """The same of the BPMN engine; "stuck" when it cannot follow."""
    workflow.do_engine_steps()
    trace = [where(workflow)]
    for outcome, decision in moves:
        try:
            take(flow, workflow, outcome, decision)
        except (WorkflowException, IndexError):
            return [*trace, "stuck"]
        trace.append(where(workflow))
    return trace


def take(flow, workflow, outcome, decision):
    """One outcome: a message for what is possible anywhere, time for a wait, else the end of the user's task."""
    if outcome in flow.anywhere:
        workflow.send_event(BpmnEvent(MessageEventDefinition(outcome)))
    elif timers := waits(workflow):
        due = datetime.fromisoformat(timers[0].internal_data["event_value"])
        assert due - datetime.now(UTC) > timedelta(days=flow.step_by_id[where(workflow)[0]].wait.days - 1)
        timers[0].internal_data["event_value"] = "2000-01-01T00:00:00+00:00"
        workflow.refresh_timers()
    else:
        task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
        task.data.update(outcome=outcome, decision=decision)
        task.run()
    workflow.do_engine_steps()


def waits(workflow):
    return [
        task
        for task in workflow.get_tasks(state=TaskState.WAITING)
        if (task.task_spec.bpmn_id or "").startswith("step_")
    ]


def where(workflow):
    """(id, name) of the step where the workflow stands, or of the end it has reached."""
    standing = workflow.get_tasks(state=TaskState.READY, manual=True) + waits(workflow)
    if not standing:
        assert workflow.is_completed()
        done = workflow.get_tasks(state=TaskState.COMPLETED)
        standing = [task for task in done if (task.task_spec.bpmn_id or "").startswith("end_")]
    (task,) = standing
    return task.task_spec.bpmn_id.split("_")[1], task.task_spec.bpmn_name


# --- the tests --------------------------------------------------------------------------------------


@each_flow
def test_the_export_is_valid_against_the_standards_schema(flow):
    BpmnValidator().validate(etree.fromstring(to_bpmn(flow)))


@each_flow
def test_the_runs_take_every_outcome_of_every_step(flow):
    taken = set()
    for moves in runs_of(flow.code):
        steps = [step for step, _name in our_trace(flow, moves)]
        taken |= {(step, *move) for step, move in zip(steps, moves, strict=False)}
    assert taken == set(flow.table), f"seed {SEED}"


@each_flow
def test_the_bpmn_engine_walks_the_same_traces(flow):
    start = engine_for(flow, etree.fromstring(to_bpmn(flow)))
    for moves in runs_of(flow.code):
        assert their_trace(flow, start(), moves) == our_trace(flow, moves), f"seed {SEED}, moves {moves}"


def tampered(document):
    """The document again and again, each time with one condition leading to another step."""
    flows = document.xpath("//bpmn:sequenceFlow[bpmn:conditionExpression]", namespaces=BPMN)
    steps = document.xpath("//bpmn:userTask/@id", namespaces=BPMN)
    for flow in flows:
        right = flow.get("targetRef")
        flow.set("targetRef", next(step for step in steps if step != right))
        yield flow.get("id"), document
        flow.set("targetRef", right)


@each_flow
def test_control_every_single_wrong_target_is_noticed(flow):
    runs = [(moves, our_trace(flow, moves)) for moves in runs_of(flow.code)]
    document, count = etree.fromstring(to_bpmn(flow)), 0
    for changed, wrong in tampered(document):
        start, count = engine_for(flow, wrong), count + 1
        assert any(their_trace(flow, start(), moves) != ours for moves, ours in runs), f"seed {SEED}, {changed}"
    assert count >= 4
