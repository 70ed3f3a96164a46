"""Problem details (RFC 9457): what programs get instead of a page."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse


class Problems(Exception):
    """An answer that is a problem: status, title, and a JSON pointer (RFC 6901) per field."""

    def __init__(self, status: int, title: str, *, detail: str = "", errors: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(title)
        self.status, self.title, self.detail, self.errors = status, title, detail, list(errors)


def answer(problem: Problems) -> HttpResponse:
    """The problem as `application/problem+json`."""
    body: dict[str, Any] = {"type": "about:blank", "title": problem.title, "status": problem.status}
    if problem.detail:
        body["detail"] = problem.detail
    if problem.errors:
        body["errors"] = problem.errors
    content = json.dumps(body, ensure_ascii=False)
    return HttpResponse(content, status=problem.status, content_type="application/problem+json")
