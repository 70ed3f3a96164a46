"""What an answer to a correction comes to, judged against what was accepted already; nothing is written here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from madoguchi.cases.correspondence import Correction
from madoguchi.cases.models import Case
from madoguchi.catalogue import insistence
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.insistence import KEY
from madoguchi.catalogue.judgement import Answers, Judgement
from madoguchi.catalogue.problems import Problem

from .files.uploads import upload_problems
from .models import Filing
from .rules import changeable, unchanged


@dataclass(frozen=True)
class Answered:
    """All answers with the new ones in place: `allowed` might change, `same` was asked about and did not."""

    answers: Answers
    typed: dict[str, Any]
    problems: Sequence[Problem]
    allowed: Collection[str]
    same: Sequence[str]


def judge(
    case: Case, correction: Correction, latest: Filing, given: Mapping[str, Any], right: Collection[str]
) -> Answered:
    """Judge what was given. A point that stays as it was is open, unless it is told to be `right` as it is."""
    asked = [item["question"] for item in correction.items]
    allowed = changeable(case.compiled, asked)
    judged = again(case.compiled, latest.answers, given, allowed)
    same = unchanged(case.compiled, asked, latest.answers, judged.answers)
    problems = (*judged.problems, *upload_problems(case.compiled, judged.answers, of=case))
    problems = (*problems, *_still_open(set(same) - set(right), problems))
    return Answered(judged.answers, judged.typed, problems, allowed, same)


def says_the_same(case: Case, latest: Filing, given: Mapping[str, Any]) -> bool:
    """Whether the latest correction was answered with just this; False where one is open."""
    asked = case.corrections.order_by("pk").last()
    if asked is None or asked.answered_at is None or not given:
        return False
    allowed = changeable(case.compiled, [item["question"] for item in asked.items])
    judged = again(case.compiled, latest.answers, given, allowed)
    return judged.answers == latest.answers and not judged.problems


def _still_open(points: Iterable[str], told: Sequence[Problem]) -> list[Problem]:
    """The points that nothing was done about, but for those about which something else is told already."""
    wrong = {problem.path[0] for problem in told}
    return [Problem((point,), "unchanged") for point in sorted(points) if point not in wrong]


def again(
    compiled: Compiled, before: Mapping[str, Any], given: Mapping[str, Any], allowed: Collection[str]
) -> Judgement:
    """The answers with those that may change anew. What was accepted and stays is refused by no newer rule."""
    kept = {key: value for key, value in before.items() if key not in allowed and key != KEY}
    meant = [one for answers in (before, given) if insistence.is_well_formed(answers.get(KEY)) for one in answers[KEY]]
    changed = {key: value for key, value in given.items() if key in allowed or key not in {*compiled.by_id, KEY}}
    judged = compiled.judge({**kept, **changed, **({KEY: meant} if meant else {})})
    old = {problem.path[0] for problem in judged.problems if problem.path[0] in kept and problem.code != "constraint"}
    answers = {**judged.answers, **{key: kept[key] for key in kept if key in old or key in judged.answers}}
    return replace(judged, answers=answers, problems=tuple(p for p in judged.problems if p.path[0] not in old))
