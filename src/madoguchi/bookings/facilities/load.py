"""Reads `facilities/<code>/facility.yaml`, and tells every fault with its file, line and remedy. No Django."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from madoguchi.platform.definitions import DefinitionRefused, Fault, Source, read

from .format import Facility

FILE = "facility.yaml"
REMEDIES = {
    "extra_forbidden": "remove this key or correct its spelling; a text with a comma needs quotes.",
    "missing": "add this key; facilities/README.md shows an example.",
}


def load(root: Path) -> dict[str, Facility]:
    """Every facility by code. Raises DefinitionRefused with every fault of form."""
    faults: list[Fault] = []
    found = {folder.name: read_one[1] for folder in _folders(root) if (read_one := _read(folder, faults))}
    if faults:
        raise DefinitionRefused(faults)
    return found


def check(
    root: Path, *, offices: Collection[str], procedures: Collection[str], granted: Collection[str] | None = None
) -> list[Fault]:
    """Every fault by file and line; empty when all may be used. Never raises for wrong data.

    `offices` and `procedures` are the known codes; `granted` the entitlements that some procedure grants (None: any).
    """
    faults: list[Fault] = []
    for folder in _folders(root):
        if found := _read(folder, faults):
            faults += _named(*found, offices, procedures, granted)
    return sorted(set(faults), key=lambda fault: (str(fault.file), fault.line, fault.sentence))


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("*") if path.is_dir() and not path.name.startswith((".", "_")))


def _read(folder: Path, faults: list[Fault]) -> tuple[Source, Facility] | None:
    try:
        source = read(folder / FILE)
        facility = Facility.model_validate(source.tree)
    except DefinitionRefused as refused:
        faults += refused.faults
        return None
    except ValidationError as refused:
        faults += _of_form(source, refused)
        return None
    if facility.code != folder.name:
        sentence = f"the code {facility.code} is not the folder's name"
        faults.append(Fault(source.file, source.line(("code",)), sentence, "make them one."))
    return source, facility


def _of_form(source: Source, refused: ValidationError) -> Iterator[Fault]:
    for error in refused.errors():
        where = ".".join(map(str, error["loc"])) or "the file"
        remedy = REMEDIES.get(error["type"], "see facilities/README.md and docs/reference/facility.schema.json.")
        yield Fault(source.file, source.line(error["loc"]), f"{where}: {error['msg']}", remedy)


def _named(
    source: Source,
    facility: Facility,
    offices: Collection[str],
    procedures: Collection[str],
    granted: Collection[str] | None,
) -> Iterator[Fault]:
    if facility.office not in offices:
        sentence = f"{facility.office} is no office of the town"
        yield Fault(source.file, source.line(("office",)), sentence, "name an office of town.yaml.")
    for n, offer in enumerate(facility.offers):
        for code in offer.procedures:
            if code not in procedures:
                line = source.line(("offers", n, "procedures"))
                yield Fault(source.file, line, f"there is no procedure {code}", "name a folder of procedures/.")
        for one in offer.entitlements:
            if granted is not None and one.code not in granted:
                line = source.line(("offers", n, "entitlements"))
                sentence = f"no procedure grants {one.code}"
                yield Fault(source.file, line, sentence, "correct it, or add `grants` to the procedure's outcome.")


def schema() -> Mapping[str, object]:
    """The JSON Schema of `facility.yaml`, with which editors complete and check it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Facility.model_json_schema()}


def write_schema(path: Path) -> None:
    """Write the JSON Schema."""
    path.write_text(json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
