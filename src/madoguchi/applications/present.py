"""Answers as people read them: sections of label and text, in the reader's language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.catalogue.compiled import Compiled, LanguageOf
from madoguchi.catalogue.questions import File, Group, Information, Party, Question

from .models import Upload

PARTS = {
    "name": "氏名または名称",
    "kana": "フリガナ",
    "corporate_number": "法人番号",
    "representative": "代表者の氏名",
    "birth_date": "生年月日",
    "address": "住所または所在地",
    "phone": "電話番号",
    "email": "メールアドレス",
}


@dataclass(frozen=True)
class Line:
    """One answer: `lines` are (sub-label, text) pairs of a party, `rows` the rows of a group, `files` its uploads."""

    id: str
    label: str
    text: str = ""
    lines: Sequence[tuple[str, str]] = ()
    rows: Sequence[tuple[str, Sequence["Line"]]] = ()
    files: Sequence[Upload] = ()
    changed: bool = False


@dataclass(frozen=True)
class Part:
    """One section of answers."""

    id: str
    title: str
    lines: Sequence[Line] = field(default_factory=list)


def shown(
    compiled: Compiled, answers: Mapping[str, Any], language: str, changed: frozenset[str] = frozenset()
) -> list[Part]:
    """All answered questions, section by section. `changed` marks those that a correction changed."""
    words = compiled.words(language)
    ids = [upload for _path, _question, uploads in compiled.files_in(answers) for upload in uploads]
    files = {upload.pk: upload for upload in Upload.objects.filter(pk__in=ids).defer("content")} if ids else {}
    parts = []
    for section in compiled.sections:
        lines = [
            line(question, answers[question.id], words.of(f"questions.{question.id}"), files, question.id in changed)
            for question in section.questions
            if question.id in answers and not isinstance(question, Information)
        ]
        if lines:
            parts.append(Part(section.id, words.text(f"sections.{section.id}.title", section.title), lines))
    return parts


def line(question: Question, value: Any, words: LanguageOf, files: Mapping[str, Upload], changed: bool = False) -> Line:
    """One answer as shown."""
    label = words.text("label", question.label)
    if isinstance(question, File):
        return Line(question.id, label, files=[files[one] for one in value if one in files], changed=changed)
    if isinstance(question, Party):
        pairs = [(_(PARTS[part]), text) for part, text in question.show_parts(value, words)]
        return Line(question.id, label, lines=pairs, changed=changed)
    if isinstance(question, Group):
        return Line(question.id, label, rows=list(_rows(question, value, words, files)), changed=changed)
    return Line(question.id, label, question.show(value, words), changed=changed)


def _rows(
    group: Group, value: Sequence[Mapping[str, Any]], words: LanguageOf, files: Mapping[str, Upload]
) -> Iterator[tuple[str, list[Line]]]:
    title = words.text("row_label", group.row_label)
    for number, row in enumerate(value, 1):
        inner = [
            line(question, row[question.id], words.of(f"rows.{question.id}"), files)
            for question in group.questions
            if question.id in row
        ]
        yield f"{title} {number}", inner
