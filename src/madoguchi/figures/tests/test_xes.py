"""The XES log is read by a real process-mining library, which finds our flow in it again; it names nobody."""

import logging
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date

import pytest

from madoguchi.cases.models import Case
from madoguchi.cases.queries import flows
from madoguchi.figures.xes import to_xes
from madoguchi.simulation.town import simulate
from tests import town

UNTIL = date(2026, 9, 30)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pm4py():
    """The miner, without its greeting."""
    os.environ["PM4PY_SHOW_WELCOME"] = "0"
    logging.disable(logging.WARNING)
    yield pytest.importorskip("pm4py")
    logging.disable(logging.NOTSET)


def relations(flow):
    """Every step that may follow another directly, by the flow's own table."""
    return {(step, to.to) for (step, _outcome, _decision), to in flow.table.items()}


def usual(flow):
    """The ways that are common enough to be in any log of some hundred cases."""
    first = {step.id: next(iter(step.outcomes.values())).to for step in flow.steps if step.outcomes}
    asked = {(s.id, o.to) for s in flow.steps for name, o in s.outcomes.items() if name == "correction-asked"}
    return {way for way in first.items() if way[1] in flow.step_by_id} | asked


@pytest.mark.long
def test_a_miner_rediscovers_every_flow_from_the_logs(pm4py, tmp_path):
    simulate(6000, 11, until=UNTIL)
    for code, flow in flows().items():
        found, starts, ends = Counter(), Counter(), Counter()
        for procedure in Case.objects.filter(flow=code).values_list("procedure", flat=True).distinct():
            file = tmp_path / f"{procedure}.xes"
            file.write_text("".join(to_xes(procedure)), "utf-8")
            log = pm4py.read_xes(str(file))
            assert log["case:concept:name"].nunique() <= Case.objects.filter(procedure=procedure).count()
            for sums, one in zip((found, starts, ends), pm4py.discover_dfg(log), strict=True):
                sums.update(one)
        assert set(found) <= relations(flow), code
        assert usual(flow) <= set(found), (code, usual(flow) - set(found))
        assert set(starts) == {flow.start}, code
        assert set(ends) & set(flow.end_by_id), code


def test_the_log_names_no_officer_and_no_applicant():
    case = town.applied()
    town.decided(case)
    text = "".join(to_xes(town.RESTAURANT))
    keys = {"concept:name", "channel", "time:timestamp", "org:role", "lifecycle:transition", "outcome"}
    assert set(re.findall(r'key="([^"]*)"', text)) == keys  # org:resource, who did it, is not among them
    assert [told for told in (case.reference, str(case.pk), case.title, "佐々木") if told in text] == []
    assert "approval" in text


def test_the_log_says_its_version_as_the_schema_of_xes_asks():
    log = ET.fromstring("".join(to_xes(town.RESTAURANT)))  # its XML Schema: xes.version is an xs:decimal, required
    assert re.fullmatch(r"[0-9]+\.[0-9]+", log.attrib["xes.version"])


def test_a_procedure_without_cases_is_an_empty_log(pm4py, tmp_path):
    text = "".join(to_xes(town.RESTAURANT))
    assert "<trace>" not in text
    assert text.endswith("</log>\n")
