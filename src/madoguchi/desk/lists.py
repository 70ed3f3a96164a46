"""A bureau's own list at the desk: how it is read, and what its pages show of each row."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from madoguchi.cases.sentences import language
from madoguchi.catalogue.messages import sentence
from madoguchi.catalogue.problems import Problem
from madoguchi.opendata.reading.sheets import SheetRefused
from madoguchi.opendata.uploads.quarantine import judge_apart
from madoguchi.opendata.uploads.words import refusal
from madoguchi.people.actor import Actor
from madoguchi.platform.refusing import ActionRefused
from madoguchi.registers import batches
from madoguchi.registers.importing import NUMBER, SINCE, UNTIL, targets
from madoguchi.registers.load import Defined
from madoguchi.registers.models import Batch

DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PAGE: Final = 100
"""So many rows with faults are shown; the file of fates has all."""


def take_in(defined: Defined, *, name: str, content: bytes, by: Actor) -> Batch:
    """Read a CSV or XLSX in a child and keep its rows. Raises ActionRefused."""
    try:
        table = judge_apart(content)
    except SheetRefused as no:
        raise ActionRefused(refusal(no.code, no.line, no.column)) from no
    digest = hashlib.sha256(content).hexdigest()
    return batches.take_in(defined, name=name, sha256=digest, header=table.header, rows=table.rows, by=by)


def fates() -> dict[str, str]:
    """What becomes of a row, in words."""
    return {
        "new": _("台帳に入る"),
        "known": _("もう台帳にある（何もしない）"),
        "doubled": _("番号が重なっている（入れない）"),
        "faulty": _("直すところがある（入れない）"),
    }


def shown(batch: Batch, defined: Defined) -> dict[str, Any]:
    """What the page of a list shows: counts by fate, rows with something wrong, and the mapping to choose."""
    counts = {fate: sum(row["fate"] == fate for row in batch.fates) for fate in fates()}
    wrong = [row for row in batch.fates if row["fate"] in ("doubled", "faulty")]
    entered, whole = batches.progress(batch)
    return {
        "batch": batch,
        "counts": [(fates()[fate], number) for fate, number in counts.items()],
        "wrong": [told(row, defined) for row in wrong[:PAGE]],
        "more": max(len(wrong) - PAGE, 0),
        "mapping": [(one, label(defined, one), batch.mapping.get(one, "")) for one in targets(defined.register)],
        "header": batch.rows[0] if batch.rows else [],
        "entered": entered,
        "whole": whole,
        "is_ready": bool(counts["new"] and batch.rows),
        "used": batches.used(batch) if batch.entered_at and not batch.undone_at else 0,
    }


def told(row: Mapping[str, Any], defined: Defined) -> dict[str, Any]:
    """A row with its fate and each fault in words."""
    return {
        "line": row["line"],
        "number": row["number"],
        "fate": fates()[row["fate"]],
        "problems": [_problem(defined, *one) for one in row["problems"]],
    }


def _problem(defined: Defined, path: list[str], code: str, params: Mapping[str, str]) -> tuple[str, str]:
    target, days = ".".join(map(str, path[:2])), {key: _day(value) for key, value in params.items()}
    return label(defined, target), sentence(Problem(tuple(path), code, days), defined.words(language()))


def _day(value: str) -> Any:
    """A day as a problem has it: what was kept as a text becomes one again."""
    return parse_date(value) if DAY.fullmatch(value) else value


def label(defined: Defined, target: str) -> str:
    """What a target of the mapping is called."""
    own = {NUMBER: _("番号"), SINCE: _("はじまりの日"), UNTIL: _("期限の日")}
    name, _dot, part = target.partition(".")
    if name in own:
        return own[name]
    column = defined.label(name, language())
    parts = defined.register.by_id[name].cell_parts() if name in defined.register.by_id else {}
    return column + _("：") + _(parts[part]) if part in parts else column
