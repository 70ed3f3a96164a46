"""What the operations of the counter take and answer."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from madoguchi.payments.api import HeldPayment
from madoguchi.platform.programs import Sent


class ProcedureLine(Schema):
    code: str
    name: str
    summary: str
    bureau: str
    kind: str
    is_open: bool
    url: str


class ProcedureOut(ProcedureLine):
    office: str
    law: list[str]
    who_may_apply: str
    needed: list[str]
    fee: str | None = Field(description="CEL over the answers, yen")
    standard_period: dict[str, Any] | None
    version: str
    form_url: str
    schema_: dict[str, Any] = Field(alias="schema", description="JSON Schema 2020-12 of the answers")
    example: dict[str, Any] = Field(description="valid answers, ready to be sent; small files stand inside them")


class SubmitIn(Sent):
    answers: dict[str, Any]


class CorrectIn(SubmitIn):
    right: list[str] = Field([], description="questions asked about whose answer is right as it is")


class SubmitOut(Schema):
    reference: str
    status: str
    status_url: str
    access_token: str


class EventOut(Schema):
    state: str
    title: str
    at: datetime | None = None


class DocumentOut(Schema):
    id: int
    title: str
    number: str
    sha256: str
    url: str


class PointOut(Schema):
    question: str
    text: str


class UploadOut(Schema):
    id: str
    name: str
    size: int
    sha256: str


class RatingOut(Schema):
    score: int


class VerifyOut(Schema):
    state: str = Field(description="genuine, withdrawn, altered, foreign, unsigned, unreadable, not-a-pdf or unknown")
    number: str | None
    in_force: bool | None = Field(None, description="whether the right behind it is in force today; null: no register")


class SectionOut(Schema):
    section: str
    reached: int | None
    left: int | None


class FiguresOut(Schema):
    """Of one procedure; null: what could point at persons, or what there is none of."""

    procedure: str
    received: int | None
    online: int | None
    corrected: int | None
    decided: int | None
    promised: int | None
    in_time: int | None
    withdrawn: int | None
    timed: int | None
    ratings: int | None
    median_days: float | None
    p90_days: float | None
    score: float | None
    minutes: float | None
    online_share: float | None
    correction_rate: float | None
    kept_share: float | None
    completion: float | None
    sections: list[SectionOut] | None


class StepOut(Schema):
    step: str = Field(description="a step of the procedure's flow")
    title: str = Field(description="what it asked, in the reader's language")
    at: datetime
    answers: dict[str, Any] = Field(description="by question; files by id")


class ApplicationOut(Schema):
    reference: str
    procedure: str
    invented: bool = Field(description="of a demo town's invented past; never true in a real town")
    status: str = Field(description="a step of the procedure's flow, or an end of it")
    status_name: str = Field(description="its name in the reader's language; 支払い待ち while `waits_for` is payment")
    waits_for: Literal["payment", "correction"] | None = Field(description="what the applicant is asked to do now")
    result: str
    received_at: datetime
    promised_on: date | None
    fee: int | None
    payment: HeldPayment | None = Field(description="as GET /payments/{reference}, with its `access_token`")
    correction: list[PointOut] | None = Field(description="what the office asks to correct: question and text")
    likely_double: bool = Field(description="another like it, of the same person or the same answers, arrived near it")
    timeline: list[EventOut]
    steps: list[StepOut] = Field(description="what steps asked and the office answered, as far as applicants see it")
    documents: list[DocumentOut]


class RatingIn(Sent):
    score: int = Field(ge=1, le=5)
    comment: str = Field("", max_length=1000)
