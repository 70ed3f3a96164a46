"""The check of all definitions before they are published: every fault with its file, line and remedy.

The rules stand beside it, one file for each thing that can be wrong, and with the question types; here is only who is
asked, and in what order.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from madoguchi.foundation.expressions import ExpressionRefused
from madoguchi.platform.definitions import DefinitionRefused, Fault, Source, read

from ..compiled import Compiled
from ..format import Procedure
from ..load import LANGUAGES, common_section, read_procedure
from .conditions import conditions
from .examples import Example, difference, read_example
from .lesses import lesses
from .names import places_named, rule_names
from .privacy import published
from .questions import ids, limits
from .subject import FlowFacts, Subject
from .town import flow, term, town
from .wording import wordings

__all__ = ["FlowFacts", "check", "write_schema"]

LINTS: tuple[Callable[[Subject], Iterator[Fault]], ...] = (
    town, flow, term, ids, limits, rule_names, places_named, conditions, wordings, published,
)  # fmt: skip


def check(root: Path, *, town: Mapping[str, Any], flows: Mapping[str, FlowFacts]) -> list[Fault]:
    """Every fault of all procedures under a root, by file and line; empty when they can be published.

    `town` is the tree of `town.yaml`; `flows` are the known flows by code. Never raises for a wrong definition.
    """
    folders = sorted(path for path in root.glob("*") if path.is_dir() and not path.name.startswith((".", "_")))
    if not folders:
        return [Fault(root, 1, "there are no procedures here", "name the folder that holds one folder per procedure.")]
    found: list[Fault] = []
    sources = {folder: _read(folder / "procedure.yaml", found) for folder in folders}
    for folder, source in sources.items():
        worded = _wordings(folder, found)
        if source is not None:
            found += _definition(folder, source, worded, town, flows)
        if easy := worded.get("ja-easy"):
            found += lesses(easy)
    found += _codes(sources)
    return sorted(set(found), key=lambda fault: (str(fault.file), fault.line, fault.sentence))


def _read(file: Path, faults: list[Fault]) -> Source | None:
    try:
        return read(file)
    except DefinitionRefused as refused:
        faults += refused.faults
        return None


def _wordings(folder: Path, faults: list[Fault]) -> dict[str, Source]:
    files = {language: folder / "wording" / f"{language}.yaml" for language in LANGUAGES}
    sources = {language: _read(file, faults) for language, file in files.items() if file.exists()}
    return {language: source for language, source in sources.items() if source is not None}


def _codes(sources: Mapping[Path, Source | None]) -> Iterator[Fault]:
    """A code that is not the folder's name, or that two folders have."""
    first: dict[str, Path] = {}
    for folder, source in sources.items():
        if source is None or not isinstance(source.tree, Mapping) or "code" not in source.tree:
            continue
        code, line = str(source.tree["code"]), source.line(("code",))
        if code != folder.name:
            yield Fault(source.file, line, f"the code {code} is not the folder's name", "make them one.")
        if first.setdefault(code, folder) != folder:
            sentence = f"the code {code} is that of {first[code].name} as well"
            yield Fault(source.file, line, sentence, "give each procedure its own code.")


def _definition(
    folder: Path, source: Source, worded: Mapping[str, Source], town: Mapping[str, Any], flows: Mapping[str, FlowFacts]
) -> Iterator[Fault]:
    yield from lesses(source)
    try:
        procedure = read_procedure(source)
    except DefinitionRefused as refused:
        yield from refused.faults
        return
    subject = Subject(folder, source, procedure, common_section(), worded, town, flows)
    for lint in LINTS:
        yield from lint(subject)
    yield from _examples(subject)


def _examples(subject: Subject) -> Iterator[Fault]:
    folder, examples = subject.folder / "examples", list[tuple[Path, Example]]()
    for file in sorted(folder.glob("*.yaml")):
        try:
            examples.append((file, read_example(file)))
        except DefinitionRefused as refused:
            yield from refused.faults
    outcomes = {example.outcome.accepted for _, example in examples}
    for wanted, word in ((True, "accepted"), (False, "refused")):
        if wanted not in outcomes:
            remedy = f"add one with `accepted: {str(wanted).lower()}`; procedures/README.md shows how."
            yield Fault(folder, 1, f"there is no example that is {word}", remedy)
    answered = {step for _, example in examples for step in example.steps}
    for step in subject.procedure.asks.keys() - answered:
        sentence = f"no example answers what step {step} asks"
        yield Fault(folder, 1, sentence, f"add steps: {{{step}: …}} to one that is accepted.")
    yield from _judged(subject, examples)


def _judged(subject: Subject, examples: Iterable[tuple[Path, Example]]) -> Iterator[Fault]:
    if any(ids(subject)):
        return  # told already, and such a form cannot be judged
    try:
        compiled = Compiled(subject.procedure, {}, subject.common)
    except ExpressionRefused:
        return
    for file, example in examples:
        for sentence in difference(compiled, example):
            yield Fault(file, 1, sentence, "correct the example, or the definition.")


def write_schema(path: Path) -> None:
    """Write the JSON Schema of `procedure.yaml`, with which editors complete and check it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Procedure.model_json_schema()}
    path.write_text(json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
