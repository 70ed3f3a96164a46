"""The resolved tree of a version: all that a case is filed under, so that nothing is merged when it is read later.

    {"format": 2, "procedure": {…}, "common": {…}, "flow": {…}}

`procedure` is `procedure.yaml`, with its check lists and tables; `common` the questions that every procedure asks;
`flow` the course that its cases take. What an earlier program stored is read up by one function a format.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from madoguchi.platform.definitions import DefinitionRefused, Fault, read

from .wording import Texts

FORMAT = 2
COMMON = Path(__file__).with_name("common.yaml")

Tree = Mapping[str, Any]


def resolve(procedure: Tree) -> dict[str, Any]:
    """The resolved tree of a procedure as the files lie today. Raises DefinitionRefused where its flow is missing."""
    return {
        "format": FORMAT,
        "procedure": plain(procedure),
        "common": common()["section"],
        "flow": flow_on_disk(str(procedure.get("flow", ""))),
    }


def read_up(stored: Tree) -> Tree:
    """A stored tree in today's format. Raises KeyError for a format that is newer than this program."""
    while stored.get("format", 1) != FORMAT:
        stored = _READ_UP[stored.get("format", 1)](stored)
    return stored


def plain(tree: Any) -> Any:
    """A tree as JSON keeps it: days are texts."""
    return json.loads(json.dumps(tree, default=str))


def common_wording() -> Mapping[str, Texts]:
    """The texts of the common questions, by language."""
    return dict(common()["wording"])


@cache
def common() -> dict[str, Any]:
    """The questions that every procedure asks, and their wordings, as on disk."""
    return dict(read(COMMON).tree)


def flow_on_disk(code: str) -> Any:
    """The tree of a flow's file as a version keeps it. Raises DefinitionRefused where it is missing."""
    file = settings.FLOWS_DIR / f"{code}.yaml"
    if not file.exists():
        remedy = "name one of the flows in flows/, or write this one."
        raise DefinitionRefused([Fault(file, 1, f"there is no flow {code!r}", remedy)])
    return _flow_of(file, file.stat().st_mtime_ns)


@cache
def _flow_of(file: Path, _changed: int) -> Any:
    return _ordered(plain(read(file).tree))


def _ordered(flow: Any) -> Any:
    """Outcomes as pairs: the first is the usual one, and JSON in PostgreSQL keeps no order of keys."""
    steps = [step | {"outcomes": _pairs(step["outcomes"])} for step in flow["steps"]]
    return flow | {"steps": steps, "anywhere": _pairs(flow.get("anywhere", {}))}


def _pairs(outcomes: Tree) -> list[list[Any]]:
    return [[name, outcome] for name, outcome in outcomes.items()]


_READ_UP = {1: resolve}
"""Format 1 was the procedure's file alone: its flow and the common questions were read from disk."""
