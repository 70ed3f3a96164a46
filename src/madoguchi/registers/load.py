"""Reads `registers/<code>/`, and tells every fault with its file, line and remedy."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from madoguchi.catalogue.format import Procedure
from madoguchi.catalogue.load import LANGUAGES, read_wordings
from madoguchi.catalogue.questions import Question
from madoguchi.catalogue.wording import LanguageOf, Texts
from madoguchi.foundation.expressions import ExpressionRefused, compile_expression
from madoguchi.platform.definitions import DefinitionRefused, Fault, Source, read

from .format import Register

FILE = "register.yaml"
REMEDY = "see registers/README.md and docs/reference/register.schema.json."


@dataclass(frozen=True)
class Defined:
    """A register with its texts in every language."""

    register: Register
    wordings: Mapping[str, Texts]

    def words(self, language: str) -> LanguageOf:
        """The texts in a language; Japanese is the source and needs no table."""
        return LanguageOf(language, self.wordings.get(language, {}))

    def name(self, language: str) -> str:
        """What the register is called."""
        return self.words(language).text("name", self.register.name)

    def label(self, column: str, language: str) -> str:
        """What a column is called; its id where the definition has it no longer."""
        question = self.register.by_id.get(column)
        return self.words(language).text(f"columns.{column}.label", question.label) if question else column


def folders(root: Path) -> list[Path]:
    """The folders of all registers under a root."""
    return sorted(file.parent for file in root.glob(f"*/{FILE}"))


def load(root: Path) -> dict[str, Defined]:
    """Every register by code. Raises DefinitionRefused with every fault of form."""
    faults: list[Fault] = []
    found = {}
    for folder in folders(root):
        if read_one := _read(folder, faults):
            found[folder.name] = Defined(read_one[1], read_wordings(folder))
    if faults:
        raise DefinitionRefused(faults)
    return found


def _read(folder: Path, faults: list[Fault]) -> tuple[Source, Register] | None:
    try:
        source = read(folder / FILE)
        register = Register.model_validate(source.tree)
    except DefinitionRefused as refused:
        faults += refused.faults
        return None
    except ValidationError as refused:
        faults += [_of_form(source, error) for error in refused.errors()]
        return None
    if register.code != folder.name:
        sentence = f"the code {register.code} is not the folder's name"
        faults.append(Fault(source.file, source.line(("code",)), sentence, "make them one."))
    return source, register


def _of_form(source: Source, error: object) -> Fault:
    told = dict(error)  # type: ignore[call-overload]
    where = ".".join(map(str, told["loc"])) or "the file"
    return Fault(source.file, source.line(told["loc"]), f"{where}: {told['msg']}", REMEDY)


def texts(register: Register) -> Texts:
    """Every Japanese text that other languages must word, by dotted key."""
    found = {"name": register.name, "summary": register.summary}
    for column in register.columns:
        found |= {f"columns.{column.id}.{key}": text for key, text in column.texts().items()}
    return found


def check(root: Path, *, offices: Mapping[str, str]) -> list[Fault]:
    """Every fault by file and line; `offices` are those of the town, each with its bureau. Never raises."""
    faults: list[Fault] = []
    for folder in folders(root):
        if found := _read(folder, faults):
            faults += [*_named(*found, offices), *_worded(folder, found[1])]
    return faults


def _named(source: Source, register: Register, offices: Mapping[str, str]) -> Iterator[Fault]:
    if offices.get(register.office) != register.bureau:
        sentence = f"{register.office} is no office of {register.bureau}"
        yield Fault(source.file, source.line(("office",)), sentence, "name an office of that bureau in town.yaml.")
    for column, path in (register.open_data.columns if register.open_data else {}).items():
        name, *inside = path.split(".")
        question, place = register.by_id.get(name), source.line(("open_data", "columns", column))
        if question is None or (inside and tuple(inside) not in question.parts()):
            yield Fault(source.file, place, f"{path} is no column", f"use one of: {', '.join(register.by_id)}.")
        elif secret := question.secret(inside):
            yield Fault(source.file, place, f"{path} publishes {secret}", "publish what the business is known by.")
    for n, name in enumerate(register.public):
        if secret := register.by_id[name].secret(()):
            sentence = f"{name} publishes {secret}"
            yield Fault(source.file, source.line(("public", n)), sentence, "leave the column to the office.")


def _worded(folder: Path, register: Register) -> Iterator[Fault]:
    wanted, wordings = texts(register), read_wordings(folder)
    for language in LANGUAGES:
        file, given = folder / "wording" / f"{language}.yaml", wordings.get(language, {})
        for key in wanted.keys() - given.keys():
            yield Fault(file, 1, f"{key} has no wording", f"word {wanted[key]!r}.")
        for key in given.keys() - wanted.keys():
            yield Fault(file, 1, f"{key} words nothing", "remove it, or correct its key.")


def agree(registers: Mapping[str, Register], procedure: Procedure) -> Iterator[str]:
    """What does not fit between the registers and a procedure whose decision enters in one."""
    concerns, answered = procedure.concerns, _answered(procedure)
    if concerns is None:
        return
    register = registers.get(concerns.register_code)
    if register is None:
        yield f"there is no register {concerns.register_code}; there are: {', '.join(registers) or 'none'}"
        return
    for column, path in concerns.columns.items():
        yield from _filled(register, column, path, answered)
    for key, kind in ((concerns.holding, "holding"), (concerns.on, "date")):
        if key and (key not in answered or answered[key].type != kind):
            yield f"{key} is no question of type {kind}"
    for one in concerns.effects:
        yield from _condition(one.when, {question.id: question for question in procedure.questions()})
    for key, column in concerns.known.items():
        yield from _filled(register, column, key, answered)
    for key, value in concerns.beforehand.items():
        if key not in answered or value not in [option.id for option in answered[key].choices()]:
            yield f"beforehand: {key} has no option {value}"


def _answered(procedure: Procedure) -> dict[str, Question]:
    return {question.id: question for question in (*procedure.questions(), *procedure.questions_of_steps())}


def _filled(register: Register, column: str, path: str, answered: Mapping[str, Question]) -> Iterator[str]:
    name, *inside = path.split(".")
    if column not in register.by_id:
        yield f"{column} is no column of {register.code}; use one of: {', '.join(register.by_id)}"
    elif name not in answered or (inside and tuple(inside) not in answered[name].parts()):
        yield f"{path} is no question of this procedure"
    elif not inside and answered[name].type != register.by_id[column].type:
        yield f"{name} is a {answered[name].type}, the column {column} a {register.by_id[column].type}"


def _condition(when: str, answered: Mapping[str, Question]) -> Iterator[str]:
    try:
        strange = compile_expression(when).names - set(answered) if when else ()
    except ExpressionRefused as refused:
        yield f"not CEL: {refused}"
        return
    if strange:
        yield f"the condition reads {', '.join(sorted(strange))}, which is no question of this procedure"


def write_schema(path: Path) -> None:
    """Write the JSON Schema of `register.yaml`, with which editors complete and check it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Register.model_json_schema()}
    path.write_text(json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
