"""The filters of the inbox offer what the reader's own cases can be, and one line means one thing."""

import re

import pytest
from django.urls import reverse

from madoguchi.cases.queries import flows
from madoguchi.catalogue.queries import current
from madoguchi.desk import filters
from tests import town

pytestmark = pytest.mark.django_db


def offered(page: str, name: str) -> dict[str, str]:
    inside = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)[0]
    return dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', inside))


def inbox(officer, **asked) -> str:
    return town.browser_of(officer).get(reverse("desk:inbox"), asked).content.decode()


def test_only_procedures_of_ones_own_offices_are_offered():
    page = inbox(town.suzuki())
    own = {code for code, one in current().items() if one.compiled.procedure.office == "chuo-health-center"}
    assert set(offered(page, "procedure")) == own != set(current())


def test_no_name_of_a_step_is_offered_twice_and_none_is_another_flows():
    lines = offered(inbox(town.suzuki()), "step")
    assert len(set(lines.values())) == len(lines)
    mine = {
        one.compiled.procedure.flow
        for code, one in current().items()
        if code in offered(inbox(town.suzuki()), "procedure")
    }
    names = {step.name for flow in mine for step in flows()[flow].steps}
    assert set(lines.values()) <= names


def test_every_step_of_every_flow_stands_in_one_line_with_its_own_name():
    lines = dict(filters.steps(current()))
    for (flow, step), line in filters._names().items():
        of = flows()[flow].step_by_id[step]
        assert lines[line] == ("補正" if of.is_correction else of.name)


def test_a_line_narrows_to_its_steps_in_every_flow():
    case = town.applied()
    lines = {name: code for code, name in offered(inbox(town.suzuki()), "step").items()}
    assert case.reference in inbox(town.suzuki(), step=lines["形式審査"])
    assert case.reference not in inbox(town.suzuki(), step=lines["補正"])
    assert case.reference not in inbox(town.suzuki(), step="no.such")


def test_who_approves_for_another_office_finds_its_procedures_among_what_waits():
    seat = town.drafted(town.drafting(town.applied())).approvals.first()
    holder = town.holder_of_seat(seat)
    assert town.RESTAURANT in offered(inbox(holder, tab="approval"), "procedure")
