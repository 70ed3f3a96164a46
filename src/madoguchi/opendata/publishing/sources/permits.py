"""Permits and notifications that hold: only the columns that a definition's `open_data` allows.

They stand behind the head of 自治体標準オープンデータセット (全国地方公共団体コード, ID, 地方公共団体名). What
belongs to an applicant who is a person is left empty, also where the definition names it: people are not published.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from madoguchi.applications.step_answers import answers_of
from madoguchi.cases.models import Case
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.queries import current
from madoguchi.catalogue.questions import Question
from madoguchi.catalogue.wording import LanguageOf
from madoguchi.credentials.models import Credential
from madoguchi.platform.calendar import today
from madoguchi.registers.directory import registers
from madoguchi.registers.queries import standing
from madoguchi.town.offices import raw_town, town

from ..columns import Column, Row, Value
from ..inventory import joined
from .base import Source

HEAD: Final = (
    Column("全国地方公共団体コード"),
    Column("ID", description="この一覧の中での番号。受付番号とは関係がない。"),
    Column("地方公共団体名"),
)
THEMES: Final = {"construction": "construction", "housing": "construction", "environment": "environment",
                 "citizens": "community", "fire": "safety"}  # fmt: skip
BATCH: Final = 1000
_JA: Final = LanguageOf("ja", {})


def sources() -> Iterator[Source]:
    """One for each procedure that says what may be published."""
    for listed in current().values():
        procedure, compiled = listed.compiled.procedure, listed.compiled
        if procedure.open_data is None:
            continue
        english = compiled.words("en").text("name", procedure.name)
        easy = compiled.words("ja-easy").text("name", procedure.name)
        yield Source(
            code=procedure.open_data.dataset,
            title=(f"{procedure.name}の一覧", f"Register: {english}", f"「{easy}」の 一覧"),
            description=(
                f"「{procedure.name}」のうち、今有効なものの一覧です。手続の定義が公開を認めた列だけがあります。"
                "申請者が個人のときは、申請者の列は空欄です。",
                f"What is in force of “{english}”: only the columns that the definition allows to be published. "
                "What belongs to an applicant who is a person is left empty.",
                f"「{easy}」で、いま 使える ものの 一覧です。",
            ),
            office=procedure.office,
            theme=THEMES.get(procedure.bureau, "business"),
            columns=(*HEAD, *(_column(compiled, name, path) for name, path in procedure.open_data.columns.items())),
            key=("ID",),
            rows=partial(rows, compiled),
            tags=("許認可・届出", procedure.name),
        )


def register_sources() -> Iterator[Source]:
    """One for each register that says what may be published."""
    for code, defined in registers().items():
        register = defined.register
        if register.open_data is None:
            continue
        names = [defined.name(language) for language in ("ja", "en", "ja-easy")]
        yield Source(
            code=register.open_data.dataset,
            title=(f"{names[0]}（有効なもの）", f"{names[1]}: what is in force", f"{names[2]}：いま 使える もの"),
            description=(
                f"「{names[0]}」のうち、今有効なものの一覧です。台帳の定義が公開を認めた列だけがあります。"
                "名義が個人のときは、その列は空欄です。",
                f"What is in force of “{names[1]}”: only the columns that its definition allows to be published. "
                "What belongs to a holder who is a person is left empty.",
                f"「{names[2]}」で、いま 使える ものの 一覧です。",
            ),
            office=register.office,
            theme=THEMES.get(register.bureau, "business"),
            columns=(*HEAD, *(_of(register.by_id, name, path) for name, path in register.open_data.columns.items())),
            key=("ID",),
            rows=partial(holdings, code),
            tags=("許認可・届出", register.name),
        )


def holdings(code: str) -> Iterator[Row]:
    """One row for each holding that is in force."""
    register = registers()[code].register
    columns = register.open_data.columns if register.open_data else {}
    head = (str(raw_town().get("local_government_code", "")), town().name)
    for holding in standing(code).order_by("pk").iterator(BATCH):
        told = (_value(register.by_id, path, holding.values) for path in columns.values())
        yield head[0], _number(holding.pk), head[1], *told


def _column(compiled: Compiled, name: str, path: str) -> Column:
    return _of(compiled.by_id, name, path)


def _of(questions: Mapping[str, Question], name: str, path: str) -> Column:
    question = questions.get(path.partition(".")[0])
    label = question.label if question else path
    return Column(name, description=label if "." not in path else f"{label}（{path.partition('.')[2]}）")


def in_force(code: str) -> QuerySet[Credential]:
    """The documents of a procedure that hold today: issued, not refusals, not withdrawn, not ended, not purged."""
    issued = Credential.objects.filter(case__procedure=code, withdrawn_at__isnull=True, case__purged_at__isnull=True)
    holding = issued.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today()))
    return holding.exclude(case__decision__result="refused")


def rows(compiled: Compiled) -> Iterator[Row]:
    """One row for each case with a document in force, from what was last handed in."""
    procedure = compiled.procedure
    columns = procedure.open_data.columns if procedure.open_data else {}
    head = (str(raw_town().get("local_government_code", "")), town().name)
    ids = list(in_force(procedure.code).order_by("case").values_list("case", flat=True).distinct())
    for start in range(0, len(ids), BATCH):
        for case in Case.objects.filter(pk__in=ids[start : start + BATCH]).order_by("pk"):
            answers = answers_of(case)
            told = (_value(case.compiled.every, path, answers) for path in columns.values())
            yield head[0], _number(case.pk), head[1], *told


def _number(of: UUID) -> str:
    return hashlib.sha256(of.bytes).hexdigest()[:12]


def _value(questions: Mapping[str, Question], path: str, answers: Mapping[str, Any]) -> Value:
    name, _dot, part = path.partition(".")
    question, value = questions.get(name), answers.get(name)
    if question is None or value in (None, "", [], {}):
        return None
    if any(not part or party.get("kind") == "person" for party in question.parties(value)):
        return None
    if part:
        value = value.get(part)
    return _shown(question, value)


def _shown(question: Question, value: Any) -> str | None:
    if value in (None, "", [], {}):
        return None
    if isinstance(value, dict):  # an address, without the postal mark
        return "".join(str(value.get(part, "")) for part in ("prefecture", "town", "street", "building"))
    if question.choices():
        labels = {option.id: option.label for option in question.choices()}
        codes = value if isinstance(value, list) else [value]
        return joined(labels.get(code, str(code)) for code in codes)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return str(value)
