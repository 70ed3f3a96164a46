"""The public API's operations."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile

from madoguchi.applications import actions as applications
from madoguchi.applications.inline import taken_in
from madoguchi.applications.problems import Problems, listed
from madoguchi.applications.rules import is_idempotency_key
from madoguchi.applications.uploads import status_of, store
from madoguchi.cases import actions as cases
from madoguchi.cases.models import Case
from madoguchi.cases.queries import awaits_payment, today
from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.problems import Refused
from madoguchi.credentials import actions as credentials
from madoguchi.figures import sections
from madoguchi.figures.queries import by_procedure
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.foundation.quarantine import Busy
from madoguchi.participation import actions as participation
from madoguchi.payments.api import payment
from madoguchi.payments.fees import charge_of
from madoguchi.people.actor import PUBLIC, applicant
from madoguchi.people.keys import is_key
from madoguchi.people.methods import asks_for_headers
from madoguchi.people.town import town

from . import finding, queries, timeline
from .sample import sample

router = Router()


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


class SubmitIn(Schema):
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


class ApplicationOut(Schema):
    reference: str
    procedure: str
    status: str = Field(description="a step of the procedure's flow, or an end of it")
    status_name: str = Field(description="its name in the reader's language; 支払い待ち while `waits_for` is payment")
    waits_for: Literal["payment", "correction"] | None = Field(description="what the applicant is asked to do now")
    result: str
    received_at: datetime
    promised_on: date | None
    fee: int | None
    payment: dict[str, Any] | None = Field(description="as GET /payments/{reference}, with its `access_token`")
    correction: list[dict[str, str]] | None = Field(description="what the office asks to correct: question and text")
    timeline: list[EventOut]
    documents: list[DocumentOut]


def _absolute(name: str, *args: Any) -> str:
    return settings.PUBLIC_URL + reverse(name, args=args)


def _line(code: str, found: catalogue.Listed) -> dict[str, Any]:
    shown = queries.card(found.compiled)
    return {
        "code": code,
        "name": shown.name,
        "summary": shown.summary,
        "bureau": shown.bureau,
        "kind": shown.kind,
        "is_open": found.is_open(today()),
        "url": _absolute("api:get_procedure", code),
    }


@router.get("/procedures", response=list[ProcedureLine], url_name="list_procedures")
def list_procedures(request: HttpRequest, q: str = "") -> list[dict[str, Any]]:
    """All procedures, or those that hold the words of `q`."""
    current = catalogue.current()
    codes = finding.procedure_codes(q) if q else current
    return [_line(code, current[code]) for code in codes]


def _listed(code: str) -> catalogue.Listed:
    found = catalogue.find(code)
    if found is None:
        raise Problems(404, "There is no such procedure.", detail=f"{code!r} is not in GET /api/v1/procedures.")
    return found


@router.get("/procedures/{code}", response=ProcedureOut, url_name="get_procedure", by_alias=True)
def get_procedure(request: HttpRequest, code: str) -> dict[str, Any]:
    """Texts, fee, period, the JSON Schema of the answers, and valid answers as an example."""
    found = _listed(code)
    procedure, words = found.compiled.procedure, found.compiled.words(get_language() or "ja")
    return {
        **_line(code, found),
        "office": town().offices[procedure.office].in_language(get_language() or "ja"),
        "law": [str(law) for law in procedure.law],
        "who_may_apply": words.text("who_may_apply", procedure.who_may_apply),
        "needed": [words.text(f"needed.{n}", text) for n, text in enumerate(procedure.needed)],
        "fee": procedure.fee.amount if procedure.fee else None,
        "standard_period": procedure.standard_period.model_dump() if procedure.standard_period else None,
        "version": found.compiled.digest,
        "form_url": _absolute("applications:form", code),
        "schema": found.compiled.schema,
        "example": sample(found.compiled),
    }


@router.post("/uploads", response={201: dict[str, Any]}, url_name="upload_file")
def upload_file(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Store one file (PDF, JPEG, PNG); its id goes into the answers within 24 hours."""
    try:
        stored = store(file.name or "", file, limit=settings.UPLOAD_MAX_BYTES)
    except Refused as refused:
        raise Problems(status_of(refused), "The file cannot be taken.", detail=refused.code) from refused
    return Status(201, {"id": stored.pk, "name": stored.name, "size": stored.size, "sha256": stored.sha256})


def _with_files(compiled: Compiled, answers: dict[str, Any], key: str) -> dict[str, Any]:
    taken, problems = taken_in(compiled, answers, key)
    if problems:
        raise Problems(422, "Some files cannot be taken.", errors=listed(compiled, problems))
    return taken


@router.post("/procedures/{code}/applications", response={201: SubmitOut}, url_name="submit_application")
def submit_application(request: HttpRequest, code: str, body: SubmitIn) -> Status[dict[str, Any]]:
    """File an application. Needs the header `Idempotency-Key` (1 to 200 characters)."""
    found = _listed(code)
    key = request.headers.get("Idempotency-Key", "")
    if not found.is_open(today()) and not applications.reference_of(code, f"api/{key}"):
        raise Problems(410, "The procedure does not take applications now.")
    if not is_idempotency_key(key):
        raise Problems(
            400,
            "The header Idempotency-Key is missing.",
            detail="Send 1 to 200 printable characters, random and new for each application.",
        )
    answers = _with_files(found.compiled, body.answers, f"{code}/{key}")
    try:
        done = applications.submit(
            compiled=found.compiled, answers=answers, key=f"api/{key}", channel="api",
            language=get_language() or "ja", by=PUBLIC,
        )  # fmt: skip
    except applications.NotAccepted as refused:
        raise Problems(
            422, "Some answers need to be corrected.", errors=listed(found.compiled, refused.problems)
        ) from refused
    except applications.KeyReused as reused:
        raise Problems(
            409, "This Idempotency-Key was used with another body.", detail="Use a new key for a new application."
        ) from reused
    told = {
        "reference": done.case.reference,
        "status": done.case.step,
        "status_url": _absolute("api:get_application", done.case.reference),
        "access_token": done.key,
    }
    return Status(201, told)


def _case(request: HttpRequest, reference: str) -> Case:
    """The case behind reference and bearer token; anything else looks the same (404)."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    parsed = parse_reference(reference)
    found = Case.objects.for_actor(applicant(parsed)).filter(reference=parsed).first() if parsed else None
    if found is None or not token or not is_key(token, found.pk, found.key_salt):
        raise Problems(
            404, "There is no such application for this token.", detail="Send `Authorization: Bearer <access_token>`."
        )
    return found


@router.get("/applications/{reference}", response=ApplicationOut, url_name="get_application")
def get_application(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Status, timeline, promised day, documents."""
    return _shown(_case(request, reference))


def _shown(found: Case) -> dict[str, Any]:
    asked = found.corrections.filter(answered_at__isnull=True).first()
    return {
        "reference": found.reference,
        "procedure": found.procedure,
        "status": found.step,
        "status_name": timeline.step_name(found),
        "waits_for": "payment" if awaits_payment(found) else "correction" if asked else None,
        "result": found.result,
        "received_at": found.received_at,
        "promised_on": found.due_on,
        "fee": found.fee,
        "payment": _payment(found),
        "correction": asked.items if asked else None,
        "timeline": [{"state": entry.state, "title": entry.title, "at": entry.at} for entry in timeline.history(found)],
        "documents": [
            {"id": one.pk, "title": one.title, "number": one.number, "sha256": one.sha256,
             "url": _absolute("api:get_document", found.reference, one.pk)}
            for one in found.credentials.defer("pdf")
        ] if found.electronic_notice else [],
    }  # fmt: skip


def _payment(found: Case) -> dict[str, Any] | None:
    charge = charge_of(found)
    return None if charge is None else {**payment(charge), "access_token": charge.secret}


@router.get("/applications/{reference}/documents/{number}", url_name="get_document")
def get_document(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The signed PDF; its arrival is recorded."""
    found = _case(request, reference)
    credential = found.credentials.filter(pk=number).first()
    if credential is None or not found.electronic_notice:
        raise Problems(404, "There is no such document.")
    if asks_for_headers(request):
        return HttpResponse(content_type="application/pdf")
    try:
        pdf = credentials.deliver(credential, by=applicant(found.reference))
    except cases.ActionRefused as refused:
        raise Problems(402, str(refused)) from refused
    return HttpResponse(pdf, content_type="application/pdf")


@router.post("/applications/{reference}/corrections", response=ApplicationOut, url_name="correct_application")
def correct_application(request: HttpRequest, reference: str, body: CorrectIn) -> dict[str, Any]:
    """Answer a request for correction: only the questions asked about change."""
    found = _case(request, reference)
    answers = _with_files(found.compiled, body.answers, f"{reference}/{found.last_seq}")
    try:
        applications.answer_correction(case=found, answers=answers, by=applicant(found.reference), right=body.right)
    except applications.NotAccepted as refused:
        raise Problems(
            422, "Some answers need to be corrected.", errors=listed(found.compiled, refused.problems)
        ) from refused
    except cases.ActionRefused as refused:
        raise Problems(409, str(refused)) from refused
    found.refresh_from_db()
    return _shown(found)


@router.post("/applications/{reference}/withdrawal", response=ApplicationOut, url_name="withdraw_application")
def withdraw_application(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Withdraw before the decision."""
    found = _case(request, reference)
    try:
        found = cases.withdraw(found, by=applicant(found.reference))
    except cases.ActionRefused as refused:
        raise Problems(409, str(refused)) from refused
    return _shown(found)


class RatingIn(Schema):
    score: int = Field(ge=1, le=5)
    comment: str = Field("", max_length=1000)


@router.post("/applications/{reference}/rating", response={200: dict[str, Any]}, url_name="rate_application")
def rate_application(request: HttpRequest, reference: str, body: RatingIn) -> dict[str, Any]:
    """Rate the service, 1 to 5."""
    found = _case(request, reference)
    try:
        given = participation.rate(found, score=body.score, comment=body.comment, by=applicant(found.reference))
    except cases.ActionRefused as refused:
        raise Problems(422, str(refused)) from refused
    return {"score": given.score}


@router.post("/verify", response={200: dict[str, Any]}, url_name="verify_document")
def verify_document(request: HttpRequest, document: File[UploadedFile]) -> dict[str, Any]:
    """Whether a PDF is ours and whole, ours and altered, withdrawn, or not ours."""
    if getattr(document, "dropped", None):
        raise Problems(413, "The file is larger than 20 MB.")
    try:
        verdict, known = credentials.examine(document.read())
    except Busy:
        raise Problems(503, "Too many files are being examined. Send it again a little later.") from None
    return {"state": queries.document_state(verdict, known), "number": known.number if known else verdict.number}


@router.get("/statistics", response=list[dict[str, Any]], url_name="statistics")
def statistics(request: HttpRequest) -> list[dict[str, Any]]:
    """The figures of every procedure, read from the record; what could point at persons is null."""
    forms = {code: sections.order(one.compiled) for code, one in catalogue.current().items()}
    left = {code: [asdict(one) for one in found] for code, found in sections.abandonment(forms).items()}
    return [
        {"procedure": row.procedure, **row.published(), "sections": left.get(row.procedure)} for row in by_procedure()
    ]
