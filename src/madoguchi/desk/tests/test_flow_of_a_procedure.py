"""The office sees how its procedure really ran and takes the log away; other offices do not."""

import pytest

from madoguchi.figures.rollup import roll
from tests import town

pytestmark = pytest.mark.django_db
FLOW, LOG = f"/desk/procedures/{town.RESTAURANT}/flow/", f"/desk/procedures/{town.RESTAURANT}/flow.xes"
BPMN = f"/desk/procedures/{town.RESTAURANT}/flow.bpmn"


def test_the_office_sees_even_a_single_case_on_the_map():
    town.decided(town.applied())
    roll()
    page = town.browser_of(town.sasaki()).get(FLOW)
    assert page.status_code == 200
    assert "flow-map__way" in page.content.decode()


def test_the_log_is_saved_not_shown():
    town.decided(town.applied())
    response = town.browser_of(town.sasaki()).get(LOG)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert b"<trace>" in b"".join(response.streaming_content)


def test_the_reform_office_may_look_too():
    reformer = town.officer("革新 一", town.REFORM, "reform")
    assert town.browser_of(reformer).get(FLOW).status_code == 200


def test_the_flow_is_there_as_bpmn_and_the_page_offers_it():
    browser = town.browser_of(town.sasaki())
    response = browser.get(BPMN)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert b"<bpmndi:BPMNDiagram" in response.content
    assert f'data-bpmn="{BPMN}"' in browser.get(FLOW).content.decode()


@pytest.mark.parametrize("address", [FLOW, LOG, BPMN])
def test_for_another_office_and_the_public_it_is_not_there(address):
    assert town.browser_of(town.kato()).get(address).status_code == 404
    assert town.visitor().get(address).status_code == 302


def test_an_unknown_procedure_is_not_there():
    assert town.browser_of(town.sasaki()).get("/desk/procedures/nothing/flow/").status_code == 404
