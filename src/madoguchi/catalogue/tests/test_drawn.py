"""Every question type is drawn, whatever was typed, by its own template or a common one."""

from functools import cache

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings

from madoguchi.catalogue.fields import FormBuilder
from madoguchi.catalogue.load import build
from madoguchi.catalogue.questions import TYPES

from .test_hostile_answers import KEYS, KINDS, answers


@pytest.fixture
def asking(definition):
    """Builds the good definition with a question of a type."""

    def asking(kind):
        asked = {"id": "q", "type": kind, "label": "問い", **KEYS.get(kind, {})}
        return build(
            {**definition, "form": [*definition["form"], {"id": "all", "title": "全", "questions": [asked]}]}, {}
        )

    return cache(asking)


def drawn(compiled, value):
    """The question as the page shows it when this was typed."""
    ((question,),) = [section.questions for section in compiled.sections if section.id == "all"]
    return render_to_string("design/field.html", {"field": FormBuilder(compiled, "ja", {"q": value}).of(question)})


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=answers)
def test_whatever_was_typed_the_form_comes_back(kind, value, asking):
    assert "問い" in drawn(asking(kind), value)


def test_a_type_draws_with_its_own_template_or_a_common_one():
    for kind in TYPES:
        folder = kind.__module__.rpartition(".")[2]
        assert kind.control.template.startswith(("design/controls/", f"questions/{folder}/")), kind
