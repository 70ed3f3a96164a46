"""The form page: empty, the same for everybody, or with what was typed and what is wrong with it."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.fields import FormField, labels
from madoguchi.catalogue.messages import sentence
from madoguchi.catalogue.problems import Problem
from madoguchi.platform.calendar import today
from madoguchi.platform.same_pages import MARK

from .. import forms, sheets, steps
from ..sheets import Sheet
from .channels import BASES, ROUTES, closed, language, listed_or_404
from .sheet import gone, private

PAGE_SECONDS = 60
INDENTS = re.compile(rb"\n\s+")
BREAKS = re.compile(rb"<[^>]*\n[^>]*>")
"""Tags that take several lines of a template."""
KEPT_PAGES = 600


def form(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """The empty form: the same bytes for everybody, so that it can be kept (`front.py`)."""
    listed = listed_or_404(code)
    if not listed.is_open(today()):
        return closed(request, listed)
    if channel != "online":
        return _page(request, listed.compiled, channel, Sheet(code, {}, ""))
    response = HttpResponse(_blank_form(listed.compiled.version_id, language()))
    response.headers["Cache-Control"] = f"public, max-age={PAGE_SECONDS}"
    response.headers[MARK] = "1"
    return response


@lru_cache(maxsize=KEPT_PAGES)
def _blank_form(version: int, _language: str) -> bytes:
    """The empty form in the active language."""
    compiled = catalogue.compiled_version(version)
    nobody = nobodys(reverse("applications:form", args=[compiled.procedure.code]))
    return compact(_page(nobody, compiled, "online", Sheet(compiled.procedure.code, {}, "")).content)


def compact(page: bytes) -> bytes:
    """A page in which nobody has typed yet, without the indents of its templates; a tag stands on one line."""
    on_a_line = BREAKS.sub(lambda tag: b" ".join(tag[0].split()).replace(b" >", b">"), page)
    return INDENTS.sub(b"\n", on_a_line)


def nobodys(path: str) -> HttpRequest:
    """A request without a person, for pages that are rendered once for all."""
    request = HttpRequest()
    request.path = request.path_info = path
    return request


def sheet(request: HttpRequest, code: str, token: str, channel: str = "online") -> HttpResponse:
    """The form with what was typed; it says what is wrong in the sections that were judged."""
    compiled = listed_or_404(code).compiled
    found = sheets.get(token, code)
    return private(_page(request, compiled, channel, found) if found else gone(request, compiled, token, channel))


def part(request: HttpRequest, compiled: Compiled, channel: str, filled: Sheet) -> HttpResponse:
    """For the form's script: the list of steps, and the section that was left if something is wrong in it."""
    told = _told(compiled, channel, filled)
    told["summary"] = [] if filled.at not in filled.judged else told["here"]
    told["step"] = next((one for one in told["steps"] if one.id == filled.at), None)
    return render(request, "applications/part.html", told, status=422 if told["summary"] else 200)


def _page(request: HttpRequest, compiled: Compiled, channel: str, filled: Sheet) -> HttpResponse:
    told = _told(compiled, channel, filled)
    return render(request, "applications/form.html", told)


def _told(compiled: Compiled, channel: str, filled: Sheet) -> dict[str, Any]:
    judged = steps.judge(compiled, filled) if filled.judged or filled.problems else None
    problems = steps.within(compiled, judged.problems, filled.judged) if judged else []
    sections = forms.sections(compiled, language(), judged.shown if judged else filled.answers, problems)
    at = filled.at or sections[0].id
    fields = [field for section in sections for field in section.fields]
    here = linked(compiled, fields, steps.within(compiled, problems, [at]))
    return {
        "compiled": compiled,
        "name": compiled.words(language()).text("name", compiled.procedure.name),
        "steps": steps.steps(compiled, sections, filled, problems),
        "summary": linked(compiled, fields, problems) if len(filled.judged) == len(sections) else here,
        "here": here,
        "action": reverse(ROUTES[channel].confirm, args=[compiled.procedure.code]),
        "channel": channel,
        "base_template": BASES[channel],
        "filled": filled,
        "at": at,
        "enter": "" if at == sections[-1].id else f"next:{at}",
    }


def linked(compiled: Compiled, fields: Iterable[FormField], problems: Sequence[Problem]) -> list[dict[str, str]]:
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
