"""The public API's list of procedures."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router

from madoguchi.catalogue import queries as catalogue
from madoguchi.people.rules import OPEN, allowed
from madoguchi.platform.calendar import today
from madoguchi.platform.problems import Problems
from madoguchi.platform.programs import told
from madoguchi.town.offices import town

from .. import finding, queries
from ..sample import sample
from .shapes import (
    ProcedureLine,
    ProcedureOut,
)

router = Router()


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


@router.get("/procedures", response=list[ProcedureLine], url_name="list_procedures", openapi_extra=told())
@allowed(OPEN)
def list_procedures(request: HttpRequest, q: str = "") -> list[dict[str, Any]]:
    """All procedures, or those that hold the words of `q`."""
    current = catalogue.current()
    codes = finding.procedure_codes(q) if q else current
    return [_line(code, current[code]) for code in codes]


def _listed(code: str) -> catalogue.Listed:
    found = catalogue.find(code)
    if found is None:
        raise Problems(404, _("この手続はありません。"), detail=_("手続の一覧は GET /api/v1/procedures にあります。"))
    return found


@router.get(
    "/procedures/{code}", response=ProcedureOut, url_name="get_procedure", by_alias=True, openapi_extra=told(404)
)
@allowed(OPEN)
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
