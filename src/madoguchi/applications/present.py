"""Answers as people read them: sections of label and text, in the reader's language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.cases.models import Case
from madoguchi.catalogue import insistence
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.fields import meant_labels
from madoguchi.catalogue.questions import Question
from madoguchi.catalogue.questions.base import Rows
from madoguchi.catalogue.wording import LanguageOf

from .files.uploads import without_contents
from .models import Filing, Upload


@dataclass(frozen=True)
class Line:
    """One answer: `lines` are the parts of a party, `rows` the rows of a group, `files` its uploads.

    `typed` is what was typed, where the text says it otherwise; `meant` what the applicant says of a value that looks
    wrong.
    """

    id: str
    label: str
    text: str = ""
    typed: str = ""
    lines: Sequence["Line"] = ()
    rows: Sequence[tuple[str, Sequence["Line"]]] = ()
    files: Sequence[Upload] = ()
    changed: bool = False
    meant: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """One section of answers."""

    id: str
    title: str
    lines: Sequence[Line] = field(default_factory=list)


def shown(
    compiled: Compiled,
    answers: Mapping[str, Any],
    language: str,
    changed: frozenset[str] = frozenset(),
    typed: Mapping[str, Any] | None = None,
) -> list[Part]:
    """All answered questions, section by section. `changed` marks those that a correction changed.

    `typed` is what was typed where that differs (`Filing.typed`); it stands beside what it means.
    """
    words, meant = compiled.words(language), _meant(answers)
    ids = [upload for _path, _question, uploads in compiled.files_in(answers) for upload in uploads]
    files = {one.pk: one for one in without_contents(ids)} if ids else {}
    parts = []
    for section in compiled.sections:
        lines = [
            replace(
                line(
                    question,
                    answers[question.id],
                    words.of(f"questions.{question.id}"),
                    files,
                    (typed or {}).get(question.id),
                ),
                changed=question.id in changed,
                meant=meant.get(question.id, ()),
            )
            for question in section.questions
            if question.id in answers and question.asks
        ]
        if lines:
            parts.append(Part(section.id, words.text(f"sections.{section.id}.title", section.title), lines))
    return parts


@dataclass(frozen=True)
class StepPart:
    """What a step asked, as it was answered: when, and by whom."""

    step: str
    title: str
    at: datetime
    by: str
    answers: Mapping[str, Any]
    parts: Sequence[Part]


def of_steps(case: Case, filings: Mapping[str, Filing], language: str, *, shown_to: str = "") -> list[StepPart]:
    """What the steps of a case asked and was answered, of its newest filings; only what is `shown_to` somebody."""
    words, asks = case.compiled.words(language), case.compiled.procedure.asks
    return [
        StepPart(
            filing.step,
            words.text(f"asks.{filing.step}.title", asks[filing.step].title),
            filing.at,
            filing.by.name if filing.by else "",
            filing.answers,
            shown(case.compiled.at(filing.step), filing.answers, language, typed=filing.typed),
        )
        for filing in filings.values()
        if filing.step and (not shown_to or shown_to in asks[filing.step].shown_to)
    ]


def _meant(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """By question, in the applicant's words, what was lifted."""
    labels, found = meant_labels(), dict[str, list[str]]()
    for code, name, _mark in insistence.places(answers):
        found.setdefault(name.partition(".")[0], []).append(labels.get(code, code))
    return found


def line(question: Question, value: Any, words: LanguageOf, files: Mapping[str, Upload], typed: Any = None) -> Line:
    """One answer as shown."""
    label = words.text("label", question.label)
    if question.uploads:
        return Line(question.id, label, files=[files[one] for one in value if one in files])
    if question.rows:
        return Line(question.id, label, rows=list(_rows(question.rows, value, words, files, typed or ())))
    if (parts := question.show_parts(value, words, typed)) is not None:
        lines = [Line(one.part, _(one.label), one.text, _otherwise(one.typed, one.text)) for one in parts]
        return Line(question.id, label, lines=lines)
    shown = question.show(value, words)
    return Line(question.id, label, shown, _otherwise(question.written(typed, words), shown) if typed else "")


def _otherwise(typed: str, shown: str) -> str:
    return "" if typed in shown else typed


def _rows(
    group: Rows,
    value: Sequence[Mapping[str, Any]],
    words: LanguageOf,
    files: Mapping[str, Upload],
    typed: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[str, list[Line]]]:
    title = words.text("row_label", group.row_label)
    for number, (row, other) in enumerate(zip(value, typed or [{}] * len(value), strict=True), 1):
        inner = [
            line(question, row[question.id], words.of(f"rows.{question.id}"), files, other.get(question.id))
            for question in group.questions
            if question.id in row
        ]
        yield f"{title} {number}", inner
