"""What a posted form says: typed answers, files stored as they arrive, and the row that a button adds or removes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from madoguchi.cases.models import Case
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.fields import FormBuilder, SectionField
from madoguchi.catalogue.insistence import KEY, from_form
from madoguchi.catalogue.judgement import Answers
from madoguchi.catalogue.problems import Problem, Refused
from madoguchi.catalogue.questions import Question
from madoguchi.catalogue.questions.base import Uploads

from .files.uploads import store
from .models import Upload

MAX_JSON = 1_000_000
Arrived = MultiValueDict[str, Any]


class _Sent(NamedTuple):
    fields: MultiValueDict[str, str]
    uploads: Arrived


@dataclass
class Posted:
    """A form as posted: answers as typed (not yet judged) and faults of its files."""

    answers: Answers
    problems: list[Problem] = field(default_factory=list)
    button: str = ""

    @property
    def opened(self) -> str:
        """The HTML id of the group that a button changed."""
        return self.button.split(":")[1] if ":" in self.button else ""


def read(request: HttpRequest, compiled: Compiled) -> Posted:
    """Read a posted form; files are stored at once, so that a fault elsewhere loses nothing."""
    return read_fields(request.POST, request.FILES, compiled)


def read_fields(fields: MultiValueDict[str, str], uploads: Arrived, compiled: Compiled) -> Posted:
    """The same from its fields and its files."""
    if "answers" in fields:
        return Posted(carried(str(fields["answers"])), button=fields.get("do", ""))
    posted, sent = Posted({}, button=fields.get("do", "")), _Sent(fields, uploads)
    for question in compiled.questions:
        value = question.read(fields, question.id)
        value = _with_files(sent, question, question.id, value, posted.problems)
        if value is not None:
            posted.answers[question.id] = value
    if meant := from_form(fields.getlist(KEY)):
        posted.answers[KEY] = meant
    _press(posted, compiled)
    return posted


def carried(text: str) -> Answers:
    """Answers as a page of ours carries them, in JSON; none where it is not that."""
    try:
        answers = json.loads(text) if len(text) <= MAX_JSON else {}
        if "\\u" in text:  # our own page escapes nothing that could be a lone surrogate
            json.dumps(answers, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return {}
    return answers if isinstance(answers, dict) else {}


def _with_files(sent: _Sent, question: Question, name: str, value: Any, problems: list[Problem]) -> Any:
    if question.uploads:
        kept = [upload for upload in value or [] if upload not in sent.fields.getlist(f"{name}.remove")]
        return [*kept, *_stored(sent, question.uploads, name, problems)] or None
    if question.rows:
        rows = value or []
        for index in range(question.rows.rows_in(_Both(sent), name)):
            for inner in question.rows.questions:
                if inner.uploads:
                    rows += [{} for _missing in range(index + 1 - len(rows))]
                    found = _with_files(sent, inner, f"{name}.{index}.{inner.id}", rows[index].get(inner.id), problems)
                    rows[index] = {**rows[index], inner.id: found} if found else rows[index]
        return rows or None
    return value


class _Both:
    """Field names of a form, those of its files too."""

    def __init__(self, sent: _Sent) -> None:
        self.names = [*sent.fields, *sent.uploads]

    def keys(self) -> list[str]:
        return self.names

    def get(self, key: str, default: str = "") -> str | None:
        return default

    def getlist(self, key: str) -> list[str]:
        return []


def _stored(sent: _Sent, question: Uploads, name: str, problems: list[Problem]) -> list[str]:
    path = tuple(int(part) if part.isdigit() else part for part in name.split("."))
    stored = []
    for file in sent.uploads.getlist(name):
        try:
            limit = question.max_mb * 1024 * 1024
            stored.append(store(file.name or "", file, limit=limit, accept=question.accept).pk)
        except Refused as refused:
            problems.append(refused.at(path))
    return stored


def _press(posted: Posted, compiled: Compiled) -> None:
    """`add:<group>` and `remove:<group>:<row>`: the buttons that work without scripts."""
    verb, _colon, rest = posted.button.partition(":")
    group, _colon, row = rest.partition(":")
    question = compiled.by_id.get(group)
    if question is None or question.rows is None:
        return
    rows = posted.answers.setdefault(group, [])
    if verb == "add" and len(rows) < question.rows.max_rows:
        rows += [{} for _missing in range(max(question.rows.min_rows, 1) - len(rows))]
        rows.append({})
    if verb == "remove" and row.isdecimal() and len(row) < 4 and int(row) < len(rows):
        del rows[int(row)]


def sections(
    compiled: Compiled, language: str, answers: Mapping[str, Any], problems: Sequence[Problem]
) -> list[SectionField]:
    """The steps of the form with what was typed and what is wrong."""
    return FormBuilder(compiled, language, answers, problems, files=files).sections()


def files(ids: Sequence[str], of: Case | None = None) -> list[Upload]:
    """The uploads behind these ids, in their order; unknown ones and those of other cases are left out."""
    free = Q(case__isnull=True) | Q(case=of) if of else Q(case__isnull=True)
    found = {upload.pk: upload for upload in Upload.objects.filter(free, pk__in=ids).defer("content")}
    return [found[one] for one in ids if one in found]
