"""Files and documents at the desk: pictures encoded anew, everything else saved rather than shown."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from madoguchi.applications.files.pictures import LIMITS, encoded_anew
from madoguchi.cases.bpmn import to_bpmn
from madoguchi.cases.queries import flow_of
from madoguchi.credentials import actions as credentials
from madoguchi.people.access import acting
from madoguchi.platform import quarantine
from madoguchi.platform.file_kinds import CONTENT_TYPES, name_of_kind
from madoguchi.platform.refusing import ActionRefused

from .. import actions
from .case import load, opened, show, status_of

log = logging.getLogger(__name__)


def file(request: HttpRequest, reference: str, upload: str) -> HttpResponse:
    """A file of the application: a picture is decoded and encoded anew, so that nothing hidden in it travels on."""
    case = opened(request, reference)
    kept = get_object_or_404(case.uploads, pk=upload)
    if kept.kind == "pdf":
        return attached(bytes(kept.content), CONTENT_TYPES["pdf"], name_of_kind(kept.name, "pdf"))
    try:
        picture = quarantine.examine(encoded_anew, bytes(kept.content), returns=bytes, limits=LIMITS)
    except quarantine.NotExamined:
        return show(request, case, _("この画像は壊れていて開けません。必要なら補正を求めてください。"), 422)
    return attached(picture, CONTENT_TYPES["jpeg"], name_of_kind(kept.name, "jpeg"), attachment=False)


def attached(content: bytes, kind: str, name: str, *, attachment: bool = True) -> HttpResponse:
    """Bytes that no browser runs: typed, sandboxed, and saved rather than shown unless they are a picture."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(attachment, name) or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def preview(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The document as it would be issued, unsigned and marked as a draft."""
    case = opened(request, reference)
    draft = get_object_or_404(case.drafts, pk=number)
    if case.purged_at:
        raise Http404(_("保存期間の満了により、消去されています。"))
    try:
        pdf = actions.preview(draft)
    except ActionRefused as refused:
        return show(request, case, str(refused), status_of(refused))
    return attached(pdf, "application/pdf", f"draft_{reference}.pdf")


def document(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """An issued document, to print it for an applicant who wants paper."""
    case = opened(request, reference)
    credential = get_object_or_404(case.credentials, pk=number)
    if case.purged_at:
        raise Http404(_("保存期間の満了により、消去されています。"))
    try:
        pdf = credentials.deliver(credential, by=acting(request))
    except credentials.WrongDocument:
        log.exception("a stored document does not belong to its case or was changed")
        return show(request, case, _("この文書は記録と一致しません。渡さずに、管理者に知らせてください。"), 409)
    return attached(pdf, "application/pdf", f"{credential.title}_{reference}.pdf")


def bpmn(request: HttpRequest, reference: str) -> HttpResponse:
    """The case's flow as BPMN 2.0."""
    flow = flow_of(load(request, reference))
    return attached(to_bpmn(flow), "application/xml", f"{flow.code}.bpmn")
