"""The XES log is read by a real process-mining library, which finds our flow in it again; it names nobody."""

import logging
import os
import re

import pytest

from madoguchi.cases.models import Case
from madoguchi.cases.queries import flows
from madoguchi.figures.simulation import simulate
from madoguchi.figures.xes import to_xes
from tests import town

from .test_simulation import UNTIL

pytestmark = pytest.mark.django_db


@pytest.fixture
def pm4py():
    """The miner, without its greeting."""
    os.environ["PM4PY_SHOW_WELCOME"] = "0"
    logging.disable(logging.WARNING)
    return pytest.importorskip("pm4py")


def relations(flow):
    """Every step that may follow another directly, by the flow's own table."""
    return {(step, to.to) for (step, _outcome, _decision), to in flow.table.items()}


def test_a_miner_rediscovers_the_flow_from_the_log(pm4py, tmp_path):
    simulate(4000, 11, until=UNTIL)
    found, file = set(), tmp_path / "log.xes"
    code = Case.objects.filter(flow="permit").values_list("procedure", flat=True).order_by("procedure")[0]
    file.write_text("".join(to_xes(code)), "utf-8")
    log = pm4py.read_xes(str(file))
    found, starts, ends = pm4py.discover_dfg(log)
    flow, count = flows()["permit"], Case.objects.filter(procedure=code).count()
    assert set(found) <= relations(flow)
    usual = {(s.id, o.to) for s in flow.steps for o in s.outcomes.values() if o.to in flow.step_by_id}
    rare = {("intake", "drafting")}
    assert usual - rare <= set(found), usual - set(found)
    assert set(starts) == {flow.start}
    assert log["case:concept:name"].nunique() <= count
    assert set(ends) & set(flow.end_by_id)


def test_the_log_names_no_officer_and_no_applicant():
    case = town.applied()
    town.decided(case)
    text = "".join(to_xes(town.RESTAURANT))
    keys = {"concept:name", "channel", "time:timestamp", "org:role", "lifecycle:transition", "outcome"}
    assert set(re.findall(r'key="([^"]*)"', text)) == keys  # org:resource, who did it, is not among them
    assert [told for told in (case.reference, str(case.pk), case.title, "佐々木") if told in text] == []
    assert "approval" in text


def test_a_procedure_without_cases_is_an_empty_log(pm4py, tmp_path):
    text = "".join(to_xes(town.RESTAURANT))
    assert "<trace>" not in text
    assert text.endswith("</log>\n")
