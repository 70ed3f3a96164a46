"""The check of the definitions with this town and these flows."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from pydantic import ValidationError

from madoguchi.bookings.facilities.load import check as check_facilities
from madoguchi.cases.flow import Flow
from madoguchi.cases.flow_check import load_flows
from madoguchi.catalogue.checking.check import FlowFacts, check
from madoguchi.catalogue.format import Procedure
from madoguchi.catalogue.load import read_procedure
from madoguchi.opendata.usecases import check as check_use_cases
from madoguchi.platform.definitions import DefinitionRefused, Fault, Source, read
from madoguchi.reform.load import check as check_reform
from madoguchi.reform.measures import MEASURES
from madoguchi.registers.load import agree
from madoguchi.registers.load import check as check_registers
from madoguchi.registers.load import load as load_registers
from madoguchi.town.contact import Contact, contact_of
from madoguchi.town.offices import raw_town, town

REMEDY = "write address and hours in at most 120 characters, and phone with hyphens, as 000-000-0000."


def flow_facts(flows: Mapping[str, Flow]) -> dict[str, FlowFacts]:
    """What the check must know of the flows: whom they serve, where officers work, which decisions there are."""
    return {code: _facts(flow) for code, flow in flows.items()}


def _facts(flow: Flow) -> FlowFacts:
    steps = [step.id for step in flow.steps if step.by in {"officer", "approver"}]
    asking = [step for step in flow.steps if step.by == "officer" and "drafted" not in step.outcomes]
    outcomes = {step.id: tuple(step.outcomes) for step in asking}
    return FlowFacts(flow.code, flow.kinds, tuple(steps), flow.decisions, outcomes)


def faults(folder: Path) -> list[Fault]:
    """Every fault of the definitions under a folder; with the town's own also of its projects and facilities."""
    if found := town_faults():
        return found
    found = check(folder, town=raw_town(), flows=flow_facts(load_flows(settings.FLOWS_DIR)))
    if folder.resolve() == settings.PROCEDURES_DIR.resolve():
        places = settings.PROJECTS_DIR, settings.INDICATORS_DIR
        found += check_reform(*places, offices=town().offices, measures=MEASURES)
        procedures = [file.parent.name for file in folder.glob("*/procedure.yaml")]
        known = {"offices": town().offices, "procedures": procedures, "granted": _granted(folder)}
        found += check_facilities(settings.FACILITIES_DIR, **known)
        found += check_use_cases(settings.USECASES_DIR)
        found += check_registers(settings.REGISTERS_DIR, offices={o.code: o.bureau for o in town().offices.values()})
    found += _concerned(folder)
    return found


def _concerned(folder: Path) -> Iterator[Fault]:
    """What of the procedures does not fit the registers that their decisions enter in."""
    with suppress(DefinitionRefused):
        known = {code: one.register for code, one in load_registers(settings.REGISTERS_DIR).items()}
        for source, procedure in _readable(folder):
            for sentence in agree(known, procedure) if procedure.concerns else ():
                yield Fault(source.file, source.line(("concerns",)), sentence, "see registers/README.md.")


def _readable(folder: Path) -> Iterator[tuple[Source, Procedure]]:
    for file in folder.glob("*/procedure.yaml"):
        with suppress(DefinitionRefused):
            source = read(file)
            yield source, read_procedure(source)


def town_faults() -> list[Fault]:
    """What is wrong with addresses, telephone numbers and hours in the town's file."""
    tree = raw_town()
    rows = [("", tree), *((f"office {row['code']}: ", row) for row in tree["offices"])]
    hall: Contact | None = None
    found = []
    for place, row in rows:
        try:
            checked = contact_of(row, hall)
            hall = hall or checked
        except ValidationError as error:
            found += [
                Fault(settings.TOWN_FILE, 1, f"{place}{'.'.join(map(str, one['loc']))}: {one['msg']}", REMEDY)
                for one in error.errors()
            ]
    return found


def _granted(folder: Path) -> set[str]:
    """The entitlements that some procedure grants; a definition that cannot be read is told elsewhere."""
    found: set[str] = set()
    for file in folder.glob("*/procedure.yaml"):
        with suppress(DefinitionRefused, AttributeError):
            found.add(str(read(file).tree.get("outcome", {}).get("grants", "")))
    return found - {""}
