"""The form page: empty, the same for everybody, or with what was typed and what is wrong with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.cases.queries import today
from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.fields import Field, labels
from madoguchi.catalogue.messages import sentence
from madoguchi.catalogue.problems import Problem

from .. import forms
from ..front import MARK
from .channels import BASES, ROUTES, closed, language, listed_or_404

PAGE_SECONDS = 60
INDENTS = re.compile(rb"\n\s+")
KEPT_PAGES = 600


def form(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """The empty form: the same bytes for everybody, so that it can be kept (`front.py`)."""
    listed = listed_or_404(code)
    if not listed.is_open(today()):
        return closed(request, listed)
    if channel != "online":
        return form_page(request, listed.compiled, channel, {}, ())
    response = HttpResponse(_blank_form(listed.compiled.version_id, language()))
    response.headers["Cache-Control"] = f"public, max-age={PAGE_SECONDS}"
    response.headers[MARK] = "1"
    return response


@lru_cache(maxsize=KEPT_PAGES)
def _blank_form(version: int, _language: str) -> bytes:
    """The empty form in the active language."""
    compiled = catalogue.compiled_version(version)
    nobody = nobodys(reverse("applications:form", args=[compiled.procedure.code]))
    return INDENTS.sub(b"\n", form_page(nobody, compiled, "online", {}, ()).content)


def nobodys(path: str) -> HttpRequest:
    """A request without a person, for pages that are rendered once for all."""
    request = HttpRequest()
    request.path = request.path_info = path
    return request


def form_page(
    request: HttpRequest,
    compiled: Compiled,
    channel: str,
    answers: Mapping[str, Any],
    problems: Sequence[Problem],
    status: int = 200,
    opened: str = "",
) -> HttpResponse:
    sections = forms.sections(compiled, language(), answers, problems)
    context = {
        "compiled": compiled,
        "name": compiled.words(language()).text("name", compiled.procedure.name),
        "sections": sections,
        "summary": linked(compiled, [field for section in sections for field in section.fields], problems),
        "action": reverse(ROUTES[channel].confirm, args=[compiled.procedure.code]),
        "channel": channel,
        "base_template": BASES[channel],
        "filled": bool(answers),
        "opened": opened,
    }
    return render(request, "applications/form.html", context, status=status)


def linked(compiled: Compiled, fields: Iterable[Field], problems: Sequence[Problem]) -> list[dict[str, str]]:
    """The lines of the error summary: which part of which question, what is wrong, and where to."""
    words, known = compiled.words(language()), dict(labels(fields))
    return [
        {
            "id": problem.name.replace(".", "-"),
            "label": known.get(problem.name, ""),
            "text": sentence(compiled.told(problem), words),
        }
        for problem in problems
    ]
