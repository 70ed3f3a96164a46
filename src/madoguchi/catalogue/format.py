"""The format of a procedure: `procedures/<code>/procedure.yaml`, checked by Pydantic, published as JSON Schema.

Japanese is the source language and stands inline; `wording/<language>.yaml` holds the same texts in another one.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .questions import AnyQuestion, Question
from .questions.base import Strict

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
ItemId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Sentence = Annotated[str, Field(min_length=1, max_length=600)]
Position = Literal["chief", "manager", "director"]
Effect = Literal["enter", "renew", "change", "succeed", "suspend", "resume", "end"]
"""What a decision does to a register: 登録, 更新, 変更, 承継, 停止, 再開, 終了."""


class Law(Strict):
    """A legal basis. `law_id` is the e-Gov id and stays empty unless it was verified."""

    name: str = Field(min_length=2, description="e.g. 食品衛生法; an ordinance of this town is named as such.")
    number: str = Field("", description="e.g. 昭和22年法律第233号.")
    article: str = Field("", description="e.g. 第55条第1項.")
    law_id: str = Field("", pattern=r"^([0-9]{3}[A-Z0-9]{12})?$")

    def __str__(self) -> str:
        return f"{self.name}{self.article}"


class Period(Strict):
    """A standard processing period (行政手続法第6条)."""

    days: int = Field(ge=1, le=730)
    unit: Literal["working", "calendar"] = "working"


class Fee(Strict):
    """What is charged: `amount` is CEL over the answers, in yen."""

    item: Sentence
    amount: str = Field(min_length=1, description='CEL, e.g. "18300" or "size(vehicles) > 5 ? 20000 : 15000".')
    law: Law | None = None
    note: str = ""


class Retention(Strict):
    """Years the finished case is kept, counted from the next 1 April."""

    years: Literal[1, 3, 5, 10, 30]


class Effective(Strict):
    """When the definition may be used for new applications."""

    from_: date = Field(alias="from")
    until: date | None = None


class Section(Strict):
    """One step of the form."""

    id: ItemId
    title: str = Field(min_length=1, max_length=60)
    help: str = ""
    questions: tuple[AnyQuestion, ...] = Field(min_length=1)


class Constraint(Strict):
    """A rule across answers: CEL that must hold, the sentence when it does not, and the question it is shown at."""

    id: ItemId
    rule: str
    message: Sentence
    at: str


class CheckItem(Strict):
    """One line of the officer's check list; a `must` is ticked before the step is finished."""

    id: ItemId
    text: Sentence
    law: Law | None = None
    must: bool = False


class Ask(Strict):
    """What a step asks of whoever does it: a form like the application's, whose answers the case keeps.

    Its rules read what was answered before. The office always sees the answers; `shown_to` says who else does.
    """

    title: str = Field(min_length=2, max_length=60)
    form: tuple[Section, ...] = Field(min_length=1)
    constraints: tuple[Constraint, ...] = ()
    shown_to: tuple[Literal["applicant", "public"], ...] = ()
    only_if: dict[str, str] = Field(
        default_factory=dict, description="Outcome of the step → CEL that must hold for it."
    )


class RefusalReason(Strict):
    """A reason for which the law allows a refusal (行政手続法第8条: shown with its basis)."""

    id: ItemId
    text: Sentence
    law: Law


class Fact(Strict):
    """A line of the issued document: its label and the question whose answer it shows (`applicant.name` for a part)."""

    label: str = Field(min_length=1, max_length=40)
    value: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z_]+)?$")


class Outcome(Strict):
    """The document that the decision issues."""

    document: Literal["permit", "certificate", "acknowledgement", "grant", "disclosure"]
    title: str = Field(min_length=2, max_length=60)
    lead: Sentence
    facts: tuple[Fact, ...] = Field(min_length=1)
    conditions: tuple[Sentence, ...] = ()
    valid: str = Field("", pattern=r"^(\d+ (years|months|days))?$", description='e.g. "6 years"; empty: no end.')
    grants: Code | Literal[""] = Field("", description="an entitlement that facilities honour (facilities/README.md).")


class Appeal(Strict):
    """Who reviews, and whether an administrative appeal comes first (行政不服審査法第82条, 行政事件訴訟法第46条)."""

    reviewer: str = Field(min_length=2)
    defendant: str = Field(min_length=2)
    represented_by: str = Field(min_length=2)


class Approval(Strict):
    """The approval chain (決裁): positions in order, joint offices (合議); `delegated`: decided by 専決."""

    grant: tuple[Position, ...] = ("chief", "manager")
    refuse: tuple[Position, ...] = ("chief", "manager", "director")
    joint_on_refusal: tuple[str, ...] = ()
    delegated: bool = True


class OpenData(Strict):
    """What may be published of a decided case, and only that: column name → question (or part of one)."""

    dataset: Code
    columns: dict[str, str] = Field(min_length=1)


class EffectWhen(Strict):
    """One thing that the decision may do to a register; the first whose `when` (CEL over the answers) holds is done."""

    effect: Effect
    when: str = Field("", description="Empty: always.")


class Concerns(Strict):
    """The register (台帳) that the decision enters in or changes: `registers/<code>/register.yaml`.

    `holding` is the question that names what the register has already, `on` that of the day from which it holds (empty:
    the day of the decision). `columns` says which question fills a column; one of the same name need not be listed.
    """

    register_code: Code = Field(alias="register")
    effects: tuple[EffectWhen, ...] = Field(min_length=1)
    holding: ItemId | Literal[""] = ""
    on: ItemId | Literal[""] = ""
    columns: dict[str, str] = Field(default_factory=dict)
    known: dict[str, ItemId] = Field(
        default_factory=dict, description="What the register fills in beside them, to be compared: question → column."
    )
    beforehand: dict[str, str] = Field(
        default_factory=dict, description="Answers filled in for whoever begins with a paper: question → code."
    )

    @model_validator(mode="after")
    def _names_a_holding(self) -> "Concerns":
        if not self.holding and any(one.effect != "enter" for one in self.effects):
            raise ValueError("name the question of type holding: only enter begins something new")
        return self


class Procedure(Strict):
    """One procedure: all that the engine needs, and nothing a bureau must program."""

    code: Code
    name: str = Field(min_length=2, max_length=60)
    kind: Literal["application", "notification"]
    summary: Sentence
    bureau: str
    office: str
    law: tuple[Law, ...] = Field(min_length=1)
    regime: Literal["act", "ordinance"]
    audience: tuple[Literal["person", "corporation"], ...] = Field(min_length=1)
    life_events: tuple[str, ...] = Field(min_length=1)
    keywords: tuple[str, ...] = ()
    who_may_apply: Sentence
    needed: tuple[Sentence, ...] = ()
    standard_period: Period | None = None
    standard_period_note: str = ""
    fee: Fee | None = None
    retention: Retention
    flow: str
    effective: Effective
    town_choice: tuple[Sentence, ...] = Field((), description="What is this town's own choice, not the law's.")
    form: tuple[Section, ...] = Field(min_length=1)
    constraints: tuple[Constraint, ...] = ()
    checklist: dict[str, tuple[CheckItem, ...]] = Field(default_factory=dict)
    asks: dict[str, Ask] = Field(default_factory=dict, description="By step of the flow: what it asks.")
    refusal_reasons: tuple[RefusalReason, ...] = ()
    outcome: Outcome
    appeal: Appeal | None = None
    approval: Approval = Approval()
    open_data: OpenData | None = None
    concerns: Concerns | None = Field(None, description="The register that a decision enters in or changes.")

    @model_validator(mode="after")
    def _kind_agrees(self) -> "Procedure":
        if self.kind == "application" and not self.refusal_reasons:
            raise ValueError("an application needs refusal_reasons, each with its law (行政手続法第8条)")
        if self.kind == "application" and self.appeal is None:
            raise ValueError("an application needs appeal: who reviews a refusal (行政不服審査法第82条)")
        if self.kind == "notification" and (self.refusal_reasons or self.appeal):
            raise ValueError("a notification cannot be refused (行政手続法第37条): remove refusal_reasons and appeal")
        if self.standard_period is None and not self.standard_period_note:
            raise ValueError("write standard_period, or standard_period_note: why none can be set")
        return self

    def questions(self) -> Iterator[Question]:
        """The questions of all sections in order, groups not opened."""
        for section in self.form:
            yield from section.questions

    def questions_of_steps(self) -> Iterator[Question]:
        """The questions that steps ask, step by step."""
        for ask in self.asks.values():
            for section in ask.form:
                yield from section.questions

    def every_question(self) -> Iterator[tuple[str, Question]]:
        """(dotted id, question) of all questions, those inside groups too."""
        for question in self.questions():
            yield question.id, question
            if rows := question.rows:
                yield from ((f"{question.id}.{inner.id}", inner) for inner in rows.questions)
