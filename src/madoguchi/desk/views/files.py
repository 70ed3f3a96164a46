"""Files and documents at the desk: pictures re-encoded, everything else as an attachment."""

import io

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from PIL import Image, ImageOps

from madoguchi.cases.bpmn import to_bpmn
from madoguchi.cases.queries import flow_of
from madoguchi.credentials import actions as credentials
from madoguchi.credentials import paper
from madoguchi.credentials.formats.typst import render
from madoguchi.people.access import acting

from .case import load

LARGEST_SIDE = 2400


def file(request: HttpRequest, reference: str, upload: str) -> HttpResponse:
    """A file of the application: a picture is decoded and encoded anew, so that nothing hidden in it travels on."""
    kept = get_object_or_404(load(request, reference).uploads, pk=upload)
    if kept.kind == "pdf":
        return attached(bytes(kept.content), "application/pdf", kept.name)
    return attached(_encoded_anew(bytes(kept.content)), "image/png", f"{kept.name}.png", attachment=False)


def _encoded_anew(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        out = io.BytesIO()
        upright.save(out, "PNG")
    return out.getvalue()


def attached(content: bytes, kind: str, name: str, *, attachment: bool = True) -> HttpResponse:
    """Bytes that no browser runs: typed, sandboxed, and saved rather than shown unless they are a picture."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(attachment, name) or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def preview(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The document as it would be issued, unsigned and marked as a draft."""
    draft = get_object_or_404(load(request, reference).drafts, pk=number)
    pdf = render(paper.of_draft(draft), fonts=settings.FONTS_DIR)
    return attached(pdf, "application/pdf", f"draft_{reference}.pdf")


def document(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """An issued document, to print it for an applicant who wants paper."""
    credential = get_object_or_404(load(request, reference).credentials, pk=number)
    pdf = credentials.deliver(credential, by=acting(request))
    return attached(pdf, "application/pdf", f"{credential.title}_{reference}.pdf")


def bpmn(request: HttpRequest, reference: str) -> HttpResponse:
    """The case's flow as BPMN 2.0."""
    flow = flow_of(load(request, reference))
    return attached(to_bpmn(flow), "application/xml", f"{flow.code}.bpmn")
