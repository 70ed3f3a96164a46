"""The public API's operations on an application, and on the documents it leads to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import File, Router, Status
from ninja.files import UploadedFile

from madoguchi.applications import actions as applications
from madoguchi.applications.files.inline import taken_in
from madoguchi.applications.files.uploads import status_of, store
from madoguchi.applications.present import of_steps
from madoguchi.applications.problems import listed
from madoguchi.applications.step_answers import newest_filings
from madoguchi.cases import actions as cases
from madoguchi.cases.models import Case
from madoguchi.cases.queries import awaits_payment, lookalikes
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.problems import Refused
from madoguchi.counter.api.procedures import _absolute, _listed
from madoguchi.credentials import actions as credentials
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.participation import actions as participation
from madoguchi.payments.api import payment
from madoguchi.payments.paying.fees import charge_of
from madoguchi.people.actor import PUBLIC, applicant
from madoguchi.people.keys import is_key
from madoguchi.people.methods import asks_for_headers
from madoguchi.people.rules import HOLDER, WRITE, Rule, allowed
from madoguchi.platform import refusing
from madoguchi.platform.brake import limits
from madoguchi.platform.calendar import today
from madoguchi.platform.once import key_sent, must_be_key
from madoguchi.platform.problems import Problems
from madoguchi.platform.programs import document, told
from madoguchi.platform.quarantine import Busy

from .. import queries, timeline
from .shapes import (
    ApplicationOut,
    CorrectIn,
    RatingIn,
    RatingOut,
    SubmitIn,
    SubmitOut,
    UploadOut,
    VerifyOut,
)

router = Router()


_OF_A_DOCUMENT = told(402, 404, held=True)
_OF_A_DOCUMENT["responses"][200] = document("application/pdf", "The signed document")


@router.post("/uploads", response={201: UploadOut}, url_name="upload_file", openapi_extra=told(400, 413, 422, 503))
@allowed(Rule("anyone", WRITE, brake=limits.UPLOAD))
def upload_file(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Store one file (PDF, JPEG, PNG); its id goes into the answers within 24 hours, and nobody keeps it without that.

    Repeating stores it once more, which does no harm.
    """
    try:
        stored = store(file.name or "", file, limit=settings.UPLOAD_MAX_BYTES)
    except Refused as refused:
        raise Problems(status_of(refused), _("このファイルは受け取れません。"), detail=refused.code) from refused
    return Status(201, {"id": stored.pk, "name": stored.name, "size": stored.size, "sha256": stored.sha256})


def _with_files(compiled: Compiled, answers: dict[str, Any], key: str) -> dict[str, Any]:
    taken, problems = taken_in(compiled, answers, key)
    if problems:
        raise Problems(422, _("受け取れないファイルがあります。"), errors=listed(compiled, problems))
    return taken


@router.post(
    "/procedures/{code}/applications",
    response={201: SubmitOut},
    url_name="submit_application",
    openapi_extra=told(400, 404, 409, 410, 413, 422, key=True),
)
@allowed(Rule("anyone", WRITE, brake=limits.APPLY))
def submit_application(request: HttpRequest, code: str, body: SubmitIn) -> Status[dict[str, Any]]:
    """File an application. Needs the header `Idempotency-Key` (1 to 200 characters)."""
    found = _listed(code)
    key = key_sent(request)
    if not found.is_open(today()) and not applications.reference_of(code, f"api/{key}"):
        raise Problems(410, _("この手続は、いま受け付けていません。"))
    must_be_key(
        key,
        _("ヘッダー Idempotency-Key が必要です。"),
        _("申請ごとに新しい、ランダムな1文字から200文字を送ってください。"),
    )
    answers = _with_files(found.compiled, body.answers, f"{code}/{key}")
    try:
        done = applications.submit(
            compiled=found.compiled, answers=answers, key=f"api/{key}", channel="api",
            language=get_language() or "ja", by=PUBLIC,
        )  # fmt: skip
    except applications.NotAccepted as refused:
        raise Problems(422, _("直すところがあります。"), errors=listed(found.compiled, refused.problems)) from refused
    except applications.KeyReused as reused:
        raise Problems(
            409,
            _("この Idempotency-Key は、別の内容で使われています。"),
            detail=_("新しい申請には、新しいキーを使ってください。"),
        ) from reused
    answer = {
        "reference": done.case.reference,
        "status": done.case.step,
        "status_url": _absolute("api:get_application", done.case.reference),
        "access_token": done.key,
    }
    return Status(201, answer)


def _case(request: HttpRequest, reference: str) -> Case:
    """The case behind reference and bearer token; anything else looks the same (404)."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    parsed = parse_reference(reference)
    found = Case.objects.for_actor(applicant(parsed)).filter(reference=parsed).first() if parsed else None
    if found is None or not token or not is_key(token, found.pk, found.key_salt):
        raise Problems(
            404,
            _("このトークンで開ける申請はありません。"),
            detail=_("ヘッダー Authorization: Bearer （access_token）を送ってください。"),
        )
    return found


@router.get(
    "/applications/{reference}", response=ApplicationOut, url_name="get_application", openapi_extra=told(404, held=True)
)
@allowed(HOLDER)
def get_application(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Status, timeline, promised day, documents."""
    return _shown(_case(request, reference))


def _shown(found: Case) -> dict[str, Any]:
    asked = found.corrections.filter(answered_at__isnull=True).first()
    return {
        "reference": found.reference,
        "procedure": found.procedure,
        "invented": found.invented,
        "status": found.step,
        "status_name": timeline.step_name(found),
        "waits_for": "payment" if awaits_payment(found) else "correction" if asked else None,
        "result": found.result,
        "received_at": found.received_at,
        "promised_on": found.due_on,
        "fee": found.fee,
        "payment": _payment(found),
        "correction": asked.items if asked else None,
        "likely_double": lookalikes(found).exists(),
        "timeline": [{"state": entry.state, "title": entry.title, "at": entry.at} for entry in timeline.history(found)],
        "steps": [
            {"step": one.step, "title": one.title, "at": one.at, "answers": one.answers}
            for one in of_steps(found, newest_filings(found), get_language() or "ja", shown_to="applicant")
        ],
        "documents": [
            {"id": one.pk, "title": one.title, "number": one.number, "sha256": one.sha256,
             "url": _absolute("api:get_document", found.reference, one.pk)}
            for one in found.credentials.defer("pdf")
        ] if found.electronic_notice else [],
    }  # fmt: skip


def _payment(found: Case) -> dict[str, Any] | None:
    charge = charge_of(found)
    return None if charge is None else {**payment(charge), "access_token": charge.secret}


@router.get("/applications/{reference}/documents/{int:number}", url_name="get_document", openapi_extra=_OF_A_DOCUMENT)
@allowed(HOLDER)
def get_document(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The signed PDF; its arrival is recorded."""
    found = _case(request, reference)
    credential = found.credentials.filter(pk=number).first()
    if credential is None or not found.electronic_notice:
        raise Problems(404, _("この文書はありません。"))
    if asks_for_headers(request):
        return HttpResponse(content_type="application/pdf")
    try:
        pdf = credentials.deliver(credential, by=applicant(found.reference))
    except refusing.ActionRefused as refused:
        raise Problems(402, str(refused)) from refused
    return HttpResponse(pdf, content_type="application/pdf")


@router.post(
    "/applications/{reference}/corrections",
    response=ApplicationOut,
    url_name="correct_application",
    openapi_extra=told(400, 404, 409, 413, 422, held=True),
)
@allowed(Rule("holder", WRITE, brake=limits.CHANGE))
def correct_application(request: HttpRequest, reference: str, body: CorrectIn) -> dict[str, Any]:
    """Answer a request for correction: only the questions asked about change. The same answers again change nothing."""
    found = _case(request, reference)
    answers = _with_files(found.compiled, body.answers, f"{reference}/{found.last_seq}")
    try:
        applications.answer_correction(case=found, answers=answers, by=applicant(found.reference), right=body.right)
    except applications.NotAccepted as refused:
        raise Problems(422, _("直すところがあります。"), errors=listed(found.compiled, refused.problems)) from refused
    except refusing.ActionRefused as refused:
        raise Problems(409, str(refused)) from refused
    found.refresh_from_db()
    return _shown(found)


@router.post(
    "/applications/{reference}/withdrawal",
    response=ApplicationOut,
    url_name="withdraw_application",
    openapi_extra=told(404, 409, held=True),
)
@allowed(Rule("holder", WRITE))
def withdraw_application(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Withdraw before the decision; repeating finds it withdrawn."""
    found = _case(request, reference)
    if found.result == "withdrawn":
        return _shown(found)
    try:
        found = cases.withdraw(found, by=applicant(found.reference))
    except refusing.ActionRefused as refused:
        raise Problems(409, str(refused)) from refused
    return _shown(found)


@router.post(
    "/applications/{reference}/rating",
    response=RatingOut,
    url_name="rate_application",
    openapi_extra=told(400, 404, 422, held=True),
)
@allowed(Rule("holder", WRITE))
def rate_application(request: HttpRequest, reference: str, body: RatingIn) -> dict[str, Any]:
    """Rate the service, 1 to 5; another rating takes the place of the one before."""
    found = _case(request, reference)
    try:
        given = participation.rate(found, score=body.score, comment=body.comment, by=applicant(found.reference))
    except refusing.ActionRefused as refused:
        raise Problems(422, str(refused)) from refused
    return {"score": given.score}


@router.post("/verify", response=VerifyOut, url_name="verify_document", openapi_extra=told(400, 413, 422, 503))
@allowed(Rule("anyone", WRITE, brake=limits.EXAMINE))
def verify_document(request: HttpRequest, document: File[UploadedFile]) -> dict[str, Any]:
    """Whether a PDF is ours and whole, ours and altered, withdrawn, or not ours."""
    if getattr(document, "dropped", None):
        raise Problems(413, _("ファイルが20MBより大きいです。"))
    try:
        verdict, known = credentials.examine(document.read())
    except Busy:
        raise Problems(503, _("いま確かめているファイルが多すぎます。少し後で、もう一度送ってください。")) from None
    right = queries.behind(known).get("right")
    return {
        "state": queries.document_state(verdict, known),
        "number": known.number if known else verdict.number,
        "in_force": right == "in-force" if right else None,
    }
