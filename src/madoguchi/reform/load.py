"""Reads `projects/` and `indicators/` from disk, and tells every fault with its file, line and remedy. No Django."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from madoguchi.platform.definitions import DefinitionRefused, Fault, Source, read

from .format import Edition, Indicator, Project

Form = TypeVar("Form", bound=BaseModel)
EDITION = "edition.yaml"


@dataclass(frozen=True)
class Kept:
    """What the files hold: editions by code, projects by `<edition>/<code>`, indicators by code; and their sources."""

    editions: Mapping[str, Edition]
    projects: Mapping[str, Project]
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)

    def edition_of(self, ref: str) -> Edition:
        """The edition of a project."""
        return self.editions[ref.partition("/")[0]]

    def of_edition(self, code: str) -> list[tuple[str, Project]]:
        """(ref, project) of one edition: core, themes, leading; by number."""
        order = ("core", "theme", "leading")
        found = [(ref, one) for ref, one in self.projects.items() if ref.startswith(f"{code}/")]
        return sorted(found, key=lambda pair: (order.index(pair[1].kind), pair[1].number or 99, pair[0]))

    def followers(self, ref: str) -> list[str]:
        """The projects of later editions that continue this one."""
        return [other for other, one in self.projects.items() if ref in one.succeeds]


def load(projects: Path, indicators: Path) -> Kept:
    """Everything, checked for form only. Raises DefinitionRefused with every fault of form."""
    kept, faults = _read_all(projects, indicators)
    if faults:
        raise DefinitionRefused(faults)
    return kept


def check(projects: Path, indicators: Path, *, offices: Collection[str], measures: Collection[str]) -> list[Fault]:
    """Every fault by file and line; empty when all may be shown.

    `offices` are the town's codes, `measures` the names of the registered functions. Never raises for wrong data.
    """
    kept, faults = _read_all(projects, indicators)
    faults += _editions(kept)
    for ref, project in kept.projects.items():
        faults += _project(kept, ref, project, offices)
    for code, indicator in kept.indicators.items():
        source = kept.sources[f"indicator {code}"]
        if indicator.compute and indicator.compute not in measures:
            sentence = f"no function is registered as {indicator.compute}"
            faults.append(
                Fault(source.file, source.line(("compute",)), sentence, f"name one of {', '.join(sorted(measures))}.")
            )
    return sorted(set(faults), key=lambda fault: (str(fault.file), fault.line, fault.sentence))


def _read_all(projects: Path, indicators: Path) -> tuple[Kept, list[Fault]]:
    faults: list[Fault] = []
    kept = Kept({}, {}, {}, {})
    for folder in sorted(path for path in projects.glob("*") if path.is_dir()):
        _keep(kept.editions, kept, folder / EDITION, Edition, folder.name, f"edition {folder.name}", faults)
        for file in sorted(folder.glob("*.yaml")):
            if file.name != EDITION:
                ref = f"{folder.name}/{file.stem}"
                _keep(kept.projects, kept, file, Project, ref, ref, faults)
    for file in sorted(indicators.glob("*.yaml")):
        _keep(kept.indicators, kept, file, Indicator, file.stem, f"indicator {file.stem}", faults)
    return kept, faults


def _keep(
    into: Mapping[str, Form], kept: Kept, file: Path, form: type[Form], key: str, name: str, faults: list[Fault]
) -> None:
    try:
        source = read(file)
        found = form.model_validate(source.tree)
    except DefinitionRefused as refused:
        faults += refused.faults
        return
    except ValidationError as refused:
        faults += _of_form(source, refused)
        return
    if found.model_dump()["code"] != file.stem and file.name != EDITION:
        faults.append(Fault(file, source.line(("code",)), "the code is not the file's name", "make them one."))
    into[key] = found  # type: ignore[index]
    kept.sources[name] = source  # type: ignore[index]


def _of_form(source: Source, refused: ValidationError) -> Iterator[Fault]:
    remedies = {
        "extra_forbidden": "remove this key or correct its spelling; a text with a comma needs quotes.",
        "missing": "add this key; projects/README.md explains it.",
    }
    for error in refused.errors():
        where = ".".join(map(str, error["loc"])) or "the file"
        remedy = remedies.get(error["type"], "see src/madoguchi/reform/format.py for the format.")
        yield Fault(source.file, source.line(error["loc"]), f"{where}: {error['msg']}", remedy)


def _editions(kept: Kept) -> Iterator[Fault]:
    for folder, edition in kept.editions.items():
        source = kept.sources[f"edition {folder}"]
        if edition.code != folder:
            yield Fault(source.file, source.line(("code",)), "the code is not the folder's name", "make them one.")
        if edition.succeeds and edition.succeeds not in kept.editions:
            yield Fault(source.file, source.line(("succeeds",)), f"no edition {edition.succeeds}", "name one of these.")


def _project(kept: Kept, ref: str, project: Project, offices: Collection[str]) -> Iterator[Fault]:
    source, folder = kept.sources[ref], ref.partition("/")[0]
    if project.owner not in offices:
        sentence = f"{project.owner} is no office of the town"
        yield Fault(source.file, source.line(("owner",)), sentence, "name an office of town.yaml.")
    for key in ("succeeds", "modelled_on"):
        for place, other in enumerate(getattr(project, key)):
            if other not in kept.projects:
                yield Fault(source.file, source.line((key, place)), f"no project {other}", "write <edition>/<code>.")
    if project.theme and project.theme not in kept.projects:
        yield Fault(source.file, source.line(("theme",)), f"no project {project.theme}", "write <edition>/<code>.")
    if (edition := kept.editions.get(folder)) and not edition.fictional:
        yield from _unsourced(source, project)
    yield from _unknown_indicators(kept, source, project)


def _unsourced(source: Source, project: Project) -> Iterator[Fault]:
    remedy = "add source: where it was read; take out what no source says."
    if not project.sources:
        yield Fault(source.file, source.line(("sources",)), "a real project without sources", remedy)
    for key in ("goals", "milestones", "results"):
        for place, one in enumerate(getattr(project, key)):
            if not one.source:
                yield Fault(source.file, source.line((key, place)), f"{key}: a statement without source", remedy)
    for place, claim in enumerate(project.keywords):
        if any(not one.source for one in claim.evidence):
            yield Fault(source.file, source.line(("keywords", place)), "evidence without source", remedy)


def _unknown_indicators(kept: Kept, source: Source, project: Project) -> Iterator[Fault]:
    named = [(("goals", n, "indicator"), goal.indicator) for n, goal in enumerate(project.goals)]
    for n, claim in enumerate(project.keywords):
        named += [(("keywords", n, "evidence", m, "indicator"), e.indicator) for m, e in enumerate(claim.evidence)]  # type: ignore[misc]
    for place, code in named:
        if code and code not in kept.indicators:
            yield Fault(source.file, source.line(place), f"no indicator {code}", "name a file of indicators/.")
