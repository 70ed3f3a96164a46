"""What the form's scripts ask for: files that go up one by one, the rules of a version, a postal code's town."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.messages import sentence
from madoguchi.catalogue.models import Version
from madoguchi.catalogue.problems import Refused
from madoguchi.catalogue.wording import LanguageOf
from madoguchi.foundation.postal import places, shared
from madoguchi.platform.file_kinds import CONTENT_TYPES

from ..files.uploads import status_of, store
from .channels import language


def rules_for_browser(compiled: Compiled) -> dict[str, Any]:
    """What the browser needs to evaluate conditions, constraints and the fee for comfort; the words for no signal."""
    types = {question.id: question.type for question in compiled.questions}
    groups = (question.rows for question in compiled.questions if question.rows)
    rows = {group.id: {inner.id: inner.type for inner in group.questions} for group in groups}
    fee = compiled.procedure.fee.amount if compiled.procedure.fee else ""
    words = compiled.words(language())
    constraints = [
        {"rule": one.rule, "at": one.at, "message": words.text(f"constraints.{one.id}", one.message)}
        for one in compiled.procedure.constraints
    ]
    waiting = render_to_string("applications/waiting.html")  # loaded while there is a signal
    return {
        "types": types,
        "rows": rows,
        "fee": fee,
        "constraints": constraints,
        "version": compiled.digest[:12],
        "waiting": waiting,
    }


def upload(request: HttpRequest) -> JsonResponse:
    """Store one file before the form is sent (the progress bar's other end), of the kinds that its question takes."""
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"error": _("ファイルを選んでください。")}, status=422)
    try:
        accept = [kind for kind in CONTENT_TYPES if kind in request.POST.getlist("accept")] or list(CONTENT_TYPES)
        stored = store(file.name or "", file, limit=settings.UPLOAD_MAX_BYTES, accept=accept)
    except Refused as refused:
        text = sentence(refused.at(()), LanguageOf(language(), {}))
        return JsonResponse({"error": text}, status=status_of(refused))
    return JsonResponse({"id": stored.pk, "name": stored.name, "size": stored.size}, status=201)


def rules(request: HttpRequest, version: int) -> JsonResponse:
    """The rules of a published version, loaded when somebody begins to fill in."""
    try:
        compiled = catalogue.compiled_version(version)
    except Version.DoesNotExist:
        raise Http404(version) from None
    response = JsonResponse(rules_for_browser(compiled))
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def postal(request: HttpRequest, digits: str) -> JsonResponse:
    """Prefecture and town of a postal code as far as its places share them, and the places where there are several."""
    found = places(digits)
    if not found:
        return JsonResponse({"error": _("使われていない郵便番号です。番号を確かめてください。")}, status=404)
    prefecture, town = shared(found)
    choices = [{"prefecture": place.prefecture, "town": place.name} for place in found] if len(found) > 1 else []
    response = JsonResponse({"prefecture": prefecture, "town": town, **({"choices": choices} if choices else {})})
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
