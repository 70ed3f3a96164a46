"""Flow, common questions, check list, texts and tables change on disk while cases run: nothing of theirs changes.

What is taken on the day of the decision is not the version's: the office with its address and mark, who sits in a seat.
"""

import json
import shutil
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from madoguchi.applications.actions import submit
from madoguchi.cases import queries
from madoguchi.cases.bpmn import to_bpmn
from madoguchi.cases.models import Case
from madoguchi.cases.queries import flow_of, flows
from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue import resolved
from madoguchi.catalogue.actions import publish
from madoguchi.catalogue.models import Version
from madoguchi.catalogue.queries import compiled_version
from madoguchi.counter.timeline import history
from madoguchi.decisions.models import Decision
from madoguchi.desk.queries import answers, checked, checklist, may_do
from madoguchi.figures.xes import to_xes
from madoguchi.foundation import yaml12
from madoguchi.foundation.identifiers import new_secret
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.calendar import today
from tests import town

pytestmark = pytest.mark.django_db

FLOWS = (
    "permit",
    "notification",
    "inspected-notification",
    "licence",
    "certification",
    "disclosure",
    "grant",
    "registration",
)
COMMON = resolved.COMMON


def procedure_of(flow: str) -> str:
    """The first published procedure whose cases take a flow."""
    current = Version.objects.filter(replaced_at=None).order_by("code")
    return next(one.code for one in current if one.definition["flow"]["code"] == flow)


def renamed(tree):
    """The same flow with another id and another name for every step and outcome, and other days for the fee."""
    steps = {step["id"] for step in tree["steps"]} | {end["id"] for end in tree["ends"]}

    def new(target):
        return f"{target}-x" if target in steps else target

    for step in (*tree["steps"], *tree["ends"]):
        step |= {"id": new(step["id"]), "name": f"新{step['name']}", "name_en": f"New {step['name_en']}"}
        for outcome in step.get("outcomes", {}).values():
            outcome |= {"to": new(outcome["to"]), "name": f"新{outcome['name']}"}
    for outcome in tree.get("anywhere", {}).values():
        outcome["to"] = new(outcome["to"])
    return tree | {"start": new(tree["start"]), "fee_due": new(tree.get("fee_due")), "fee_days": 3}


def rewritten(file, change):
    tree = change(yaml12.load(file.read_text("utf-8")))
    file.write_text(json.dumps(tree, ensure_ascii=False, default=str), encoding="utf-8")  # JSON is YAML too


def another_procedure(tree):
    """Other questions, another check list, no refusal reason as before."""
    for section in tree["form"]:
        section["title"] = f"新{section['title']}"[:40]
        for question in section["questions"]:
            question["label"] = f"新{question['label']}"[:80]
    tree["checklist"] = {f"{step}-x": lines[:1] for step, lines in tree.get("checklist", {}).items()}
    return tree


def another_common(tree):
    tree["section"]["questions"] = tree["section"]["questions"][1:]
    tree["wording"]["en"]["sections.contact.title"] = "Another title"
    return tree


@pytest.fixture
def disk(tmp_path, settings, monkeypatch):
    """A copy of the definitions; what it returns changes everything of a procedure in it, and publishes."""
    procedures, flow_files = tmp_path / "procedures", tmp_path / "flows"
    for code in {town.RESTAURANT, town.BARBER, *(procedure_of(flow) for flow in FLOWS)}:
        shutil.copytree(settings.PROCEDURES_DIR / code, procedures / code)
    shutil.copytree(settings.FLOWS_DIR, flow_files)
    settings.PROCEDURES_DIR, settings.FLOWS_DIR = procedures, flow_files
    monkeypatch.setattr(resolved, "COMMON", tmp_path / "common.yaml")
    shutil.copy(COMMON, tmp_path)

    def change(code):
        rewritten(procedures / code / "procedure.yaml", another_procedure)
        for file in flow_files.glob("*.yaml"):
            rewritten(file, renamed)
        rewritten(tmp_path / "common.yaml", another_common)
        for other in set(procedures.iterdir()) - {procedures / code}:
            shutil.rmtree(other)  # to save the time of reading them again
        forget_what_was_read()
        publish(procedures)

    yield change
    forget_what_was_read()


def forget_what_was_read():
    """As another process would, that starts now."""
    resolved.common.cache_clear()
    compiled_version.cache_clear()
    flows.cache_clear()
    catalogue.forget()


def seen(case) -> dict[str, object]:
    """What everybody sees of a case, in two languages."""
    return {language: list(_seen(Case.objects.get(pk=case.pk), language)) for language in ("ja", "en")}


def _seen(case, language) -> Iterator[object]:
    with override(language):
        yield [(one.state, one.title, one.text) for one in history(case)]
        yield [str(one) for one in checklist(case)], str(checked(case))
        yield may_do(case, town.worker_of(case), today())
        yield {name: one.text("ja") for name, one in flow_of(case).outcomes(case.step).items()}
        yield str(answers(case))
        yield queries.awaits_payment(case), flow_of(case).fee_days
        yield case.compiled.procedure.model_dump(), to_bpmn(flow_of(case))


def waiting_at(code, step):
    """A case of a procedure that stands at a step."""
    case = town.applied(code)
    Case.objects.filter(pk=case.pk).update(step=step)
    case.tasks.update(step=step)
    return case


@pytest.mark.parametrize("flow", FLOWS)
def test_whatever_changes_on_disk_a_case_at_any_step_is_what_it_was(flow, disk):
    code, steps = procedure_of(flow), list(flows()[flow].step_by_id)
    cases = {step: waiting_at(code, step) for step in steps}
    before = {step: seen(case) for step, case in cases.items()}
    disk(code)
    assert not {*steps} & {*flows()[flow].step_by_id}  # the flow of today could not even name them
    for step, case in cases.items():
        assert seen(case) == before[step], step


def finished(case):
    """The case taken to its end along the usual course: (result, how it went)."""
    town.decided(Case.objects.get(pk=case.pk))
    case.refresh_from_db()
    return case.result, [event.data.get("to") for event in case.events.filter(kind="step-completed").order_by("seq")]


@pytest.mark.parametrize("flow", FLOWS)
def test_a_case_that_began_before_goes_its_old_way_to_the_end(flow, disk):
    code = procedure_of(flow)
    usual, changed = town.applied(code), town.applied(code)
    expected = finished(usual)
    disk(code)
    assert finished(changed) == expected


def test_a_draft_on_its_way_is_approved_as_it_was_drafted(disk):
    draft = town.drafted(town.applied(), "refused")
    reasons = draft.case.compiled.procedure.refusal_reasons
    disk(town.RESTAURANT)
    town.approved_by_all(draft)
    decision = Decision.objects.get(draft=draft)
    assert decision.reasons == [{"text": reasons[0].text, "law": str(reasons[0].law)}]


def test_a_new_case_takes_what_lies_on_disk(disk):
    disk(town.RESTAURANT)
    given = town.answers()
    del given["contact_email"]
    how = {"key": new_secret(), "channel": "online", "language": "ja", "by": PUBLIC}
    case = submit(compiled=town.compiled(), answers=given, **how).case
    assert (case.step, flow_of(case).fee_days) == ("intake-x", 3)
    assert [one.id for one in case.compiled.common.questions] == ["electronic_notice"]


def test_a_changed_flow_alone_makes_a_new_version(disk, settings):
    before = town.compiled().digest
    rewritten(settings.FLOWS_DIR / "permit.yaml", lambda tree: tree | {"fee_days": 15})
    forget_what_was_read()
    changed = publish(settings.PROCEDURES_DIR)
    assert town.RESTAURANT in changed
    assert town.BARBER not in changed
    assert town.compiled().digest != before


def test_the_log_of_a_procedure_holds_cases_of_both_versions(disk):
    old = town.applied()
    town.decided(old)
    disk(town.RESTAURANT)
    log = "".join(to_xes(town.RESTAURANT))
    assert 'value="approval"' in log and 'value="approver"' in log


# ---------------------------------------------------------------- versions that were stored before


def test_what_an_earlier_program_stored_is_read_up():
    version = Version.objects.get(code=town.RESTAURANT, replaced_at=None)
    then = compiled_version(version.pk)
    Version.objects.filter(pk=version.pk).update(definition=version.definition["procedure"])
    compiled_version.cache_clear()
    now = compiled_version(version.pk)
    assert (now.procedure, now.common, now.flow, now.digest) == (then.procedure, then.common, then.flow, then.digest)


def test_a_format_of_a_newer_program_is_not_guessed_at():
    with pytest.raises(KeyError):
        resolved.read_up({"format": resolved.FORMAT + 1})


def test_the_stored_tree_is_all_and_plain_json():
    for version in Version.objects.filter(replaced_at=None):
        assert version.definition.keys() == {"format", "procedure", "common", "flow"}
        assert json.loads(json.dumps(version.definition)) == version.definition
