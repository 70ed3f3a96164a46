"""Reads `procedures/<code>/` from disk: the definition, its wordings, and the line of every key for good faults."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from madoguchi.foundation.expressions import ExpressionRefused
from madoguchi.foundation.languages import TRANSLATIONS
from madoguchi.platform.definitions import DefinitionRefused, Fault, Source, read

from .compiled import Compiled
from .format import Procedure, Section
from .resolved import common, common_wording, read_up, resolve
from .wording import Texts, flatten

LANGUAGES = tuple(one.code for one in TRANSLATIONS)


def read_procedure(source: Source) -> Procedure:
    """The definition of a file. Raises DefinitionRefused with one fault for each wrong key."""
    try:
        return Procedure.model_validate(source.tree)
    except ValidationError as refused:
        raise DefinitionRefused(_faults(source, refused)) from refused


def _faults(source: Source, refused: ValidationError) -> Iterator[Fault]:
    for error in refused.errors():
        path = list(_in_tree(source.tree, error["loc"]))
        where = ".".join(str(part) for part in path) or "the file"
        yield Fault(source.file, source.line(path), f"{where}: {error['msg']}", _remedy(error))


def _in_tree(tree: Any, location: tuple[str | int, ...]) -> Iterator[str | int]:
    """The key path in the file: Pydantic also names the branch of a union, which the file does not have."""
    for part in location:
        keys = tree if isinstance(tree, Mapping) else range(len(tree)) if isinstance(tree, list) else ()
        if part in keys:
            tree = tree[part]
        elif part != location[-1]:
            continue
        yield part


def _remedy(error: Any) -> str:
    known = {
        "extra_forbidden": "remove this key or correct its spelling; inside { } a text with a comma needs quotes.",
        "missing": "add this key; `procedures/README.md` shows an example.",
        "union_tag_invalid": "choose one of the question types listed in the message.",
        "string_pattern_mismatch": "use the form shown in the message (lower case letters, digits, underscores).",
    }
    return known.get(error["type"], "see the format in docs/reference/definition.md.")


def common_section() -> Section:
    """The questions that every procedure asks, as on disk."""
    return Section.model_validate(common()["section"])


def read_wordings(folder: Path) -> dict[str, Texts]:
    """The texts in other languages, by language and dotted key; a missing file is an empty wording."""
    files = {language: folder / "wording" / f"{language}.yaml" for language in LANGUAGES}
    return {language: flatten(read(file).tree or {}) for language, file in files.items() if file.exists()}


def merged(wordings: Mapping[str, Texts]) -> dict[str, Texts]:
    """A procedure's texts with those of the common questions beneath."""
    beneath = common_wording()
    return {language: {**beneath.get(language, {}), **wordings.get(language, {})} for language in LANGUAGES}


def build(tree: Mapping[str, Any], wordings: Mapping[str, Texts], version_id: int = 0, known: str = "") -> Compiled:
    """A stored (`known` is its digest) or freshly resolved tree, compiled; a bare procedure is resolved first."""
    resolved = read_up(tree)
    if "format" not in tree:
        wordings = merged(wordings)
    procedure, section = Procedure.model_validate(resolved["procedure"]), Section.model_validate(resolved["common"])
    return Compiled(procedure, wordings, section, resolved["flow"], known or digest(resolved, wordings), version_id)


def digest(tree: Mapping[str, Any], wordings: Mapping[str, Texts]) -> str:
    """The identity of a version by content: SHA-256 over the resolved tree and all texts."""
    content = json.dumps([tree, wordings], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def load(folder: Path) -> Compiled:
    """`procedures/<code>/` compiled. Raises DefinitionRefused."""
    source = read(folder / "procedure.yaml")
    read_procedure(source)
    try:
        return build(resolve(source.tree), merged(read_wordings(folder)))
    except ExpressionRefused as refused:
        remedy = "correct the expression; `madoguchi check` names its line."
        raise DefinitionRefused([Fault(source.file, 1, f"not CEL: {refused}", remedy)]) from refused


def folders(root: Path) -> list[Path]:
    """The folders of all procedures under a root, by code."""
    return sorted(file.parent for file in root.glob("*/procedure.yaml"))
