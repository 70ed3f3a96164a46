"""The public API's operation on the figures."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from madoguchi.catalogue import queries as catalogue
from madoguchi.figures import sections
from madoguchi.figures.queries import by_procedure
from madoguchi.people.rules import OPEN, allowed
from madoguchi.platform.programs import told

from .shapes import FiguresOut

router = Router()


@router.get("/statistics", response=list[FiguresOut], url_name="statistics", openapi_extra=told())
@allowed(OPEN)
def statistics(request: HttpRequest) -> list[dict[str, Any]]:
    """The figures of every procedure, read from the record; what could point at persons is null."""
    forms = {code: sections.order(one.compiled) for code, one in catalogue.current().items()}
    left = {code: [asdict(one) for one in found] for code, found in sections.abandonment(forms).items()}
    return [
        {"procedure": row.procedure, **row.published(), "sections": left.get(row.procedure)} for row in by_procedure()
    ]
