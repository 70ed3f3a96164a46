"""The steps of a form: each section is judged when one leaves it, the whole form before it is confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from madoguchi.catalogue import typed
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.fields import SectionField
from madoguchi.catalogue.judgement import Judgement
from madoguchi.catalogue.problems import Problem

from .files.uploads import upload_problems
from .sheets import Sheet


@dataclass(frozen=True)
class Step:
    """A section as a step of the form: `state` is empty until it was judged, `back` the section before it."""

    section: SectionField
    state: Literal["", "done", "missing"]
    back: str
    is_last: bool

    @property
    def id(self) -> str:
        """The section's id."""
        return self.section.id


@dataclass(frozen=True)
class Judged:
    """A sheet as judged: its answers as typed, what to show in the fields, and all faults with those of its files."""

    found: Judgement
    answers: Mapping[str, Any]
    shown: Mapping[str, Any]
    problems: Sequence[Problem]


def judge(compiled: Compiled, sheet: Sheet) -> Judged:
    """Judge the whole sheet. A file that was refused is told as that, not as missing."""
    found = compiled.judge(sheet.answers)
    told = {problem.path for problem in sheet.problems}
    own = [one for one in found.problems if not (one.code == "missing" and one.path in told)]
    problems = [*sheet.problems, *own, *upload_problems(compiled, found.answers)]
    return Judged(found, found.as_typed, typed.over(found.answers, sheet.answers), problems)


def ids(compiled: Compiled) -> list[str]:
    """The sections in their order."""
    return [section.id for section in compiled.sections]


def within(compiled: Compiled, problems: Sequence[Problem], sections: Sequence[str]) -> list[Problem]:
    """The faults of these sections; those that belong to no question only where all sections are meant."""
    home = {question.id: section.id for section in compiled.sections for question in section.questions}
    everywhere = set(sections) >= set(ids(compiled))
    return [one for one in problems if everywhere or (one.path and home.get(str(one.path[0])) in sections)]


def steps(compiled: Compiled, sections: Sequence[SectionField], sheet: Sheet, told: Sequence[Problem]) -> list[Step]:
    """The sections with what is known of each: done, something missing, or not judged yet."""
    made = list[Step]()
    for section in sections:
        state: Literal["done", "missing"] = "missing" if within(compiled, told, [section.id]) else "done"
        back = made[-1].id if made else ""
        made.append(Step(section, state if section.id in sheet.judged else "", back, section is sections[-1]))
    return made


def after(compiled: Compiled, sheet: Sheet, button: str) -> tuple[Sheet, Judged | None]:
    """What a pressed button makes of a sheet: the sheet to show, and what was judged when all is good.

    `next:<section>` goes on when that section has no fault, `go:<section>` goes there whatever is missing here,
    `add:` and `remove:` stay, and everything else means the whole form.
    """
    verb, _colon, rest = button.partition(":")
    known = ids(compiled)
    if verb in {"add", "remove"}:
        return _stayed(compiled, sheet, rest.partition(":")[0]), None
    if verb in {"next", "go"} and rest in known:
        return _moved(compiled, sheet, verb, rest), None
    whole = replace(sheet, judged=known)
    judged = judge(compiled, whole)
    if not judged.problems:
        return replace(whole, at=known[0]), judged
    faulty = (one for one in known if within(compiled, judged.problems, [one]))
    return replace(whole, at=next(faulty, known[0])), None


def left(compiled: Compiled, sheet: Sheet, section: str) -> Sheet:
    """The sheet after this section was left: it is judged from now on."""
    return replace(sheet, judged=_with(compiled, sheet.judged, section), at=section)


def _stayed(compiled: Compiled, sheet: Sheet, group: str) -> Sheet:
    here = next((s.id for s in compiled.sections if any(q.id == group for q in s.questions)), sheet.at)
    return replace(sheet, at=here, judged=[one for one in sheet.judged if one != here])


def _moved(compiled: Compiled, sheet: Sheet, verb: str, section: str) -> Sheet:
    known = ids(compiled)
    if verb == "go":
        return replace(left(compiled, sheet, sheet.at), at=section)
    faulty = within(compiled, judge(compiled, sheet).problems, [section])
    following = known[min(known.index(section) + 1, len(known) - 1)]
    return replace(left(compiled, sheet, section), at=section if faulty else following)


def _with(compiled: Compiled, judged: Sequence[str], section: str) -> list[str]:
    return [one for one in ids(compiled) if one in judged or one == section]
