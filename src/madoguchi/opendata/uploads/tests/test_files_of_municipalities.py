"""Files as municipalities publish them: none is held without a way on, none is read otherwise than it is shown."""

import pytest

from madoguchi.opendata.uploads.judging import judge
from madoguchi.opendata.uploads.words import fault, kind

from ...tests.municipal import MODELS

CLEAN = sorted(name for name, model in MODELS.items() if not model.stops)


def test_there_are_more_than_thirty_and_most_of_them_pass():
    assert len(MODELS) >= 48
    assert len([one for one in MODELS.values() if not one.stops | one.held]) >= 33


@pytest.mark.parametrize("name", MODELS)
def test_what_is_found_is_what_is_there(name):
    model = MODELS[name]
    judged = judge(model.content)
    assert {one.code for one in judged.faults if not one.hint} == model.stops
    assert {one.kind for one in judged.findings} == model.held


@pytest.mark.parametrize("name", CLEAN)
def test_what_is_read_is_what_is_shown(name):
    judged = judge(MODELS[name].content)
    width = len(judged.header)
    read = [[*row, *[""] * (width - len(row))] for row in (judged.header, *judged.rows)]
    assert read == MODELS[name].seen


@pytest.mark.parametrize("name", sorted(name for name, model in MODELS.items() if model.stops))
def test_what_stops_has_a_cell_and_a_way_to_mend_it(name):
    for one in judge(MODELS[name].content).faults:
        assert all(fault(one.code))
        assert one.place or one.hint


@pytest.mark.parametrize("name", sorted(name for name, model in MODELS.items() if model.held))
def test_what_is_held_can_be_lifted_group_by_group(name):
    findings = judge(MODELS[name].content).report()["findings"]
    assert findings
    for one in findings:
        assert kind(one["kind"])
        assert 0 < len(one["group"]) <= 200


@pytest.mark.parametrize("name", sorted(name for name, model in MODELS.items() if model.contacts))
def test_contacts_that_the_office_declares_hold_nothing(name):
    assert judge(MODELS[name].content, MODELS[name].contacts).findings == []
