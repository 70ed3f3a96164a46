"""The page that shows what was typed, before it is sent."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.compiled import Compiled
from madoguchi.design.templatetags.design import yen
from madoguchi.people.access import acting
from madoguchi.people.actor import Actor
from madoguchi.people.sessions import may_have_session

from .. import likeness, present, sheets
from ..sheets import Sheet
from .channels import BASES, ROUTES, language, listed_or_404
from .form import KEPT_PAGES, nobodys
from .sheet import gone, private

FEE: Final = 987_654_321
BLANK: Final = {name: f"llll-{name}-llll" for name in ("answers", "parts", "key", "started", "token")}
"""What stands in the kept page where one application differs from another of the same procedure."""


def confirmation(request: HttpRequest, code: str, token: str, channel: str = "online") -> HttpResponse:
    """What was typed, for confirmation; once it was sent, that it was."""
    compiled = listed_or_404(code).compiled
    sheet = sheets.get(token, code)
    if sheet is None:
        return private(gone(request, compiled, token, channel))
    told = _context(compiled, sheet, token, channel, acting(request))
    if channel == "online" and not told["earlier"] and not may_have_session(request):
        return private(HttpResponse(_filled(compiled, told, token)))
    return private(render(request, "applications/confirm.html", told))


def shown(compiled: Compiled, sheet: Sheet, token: str, *, by: Actor) -> str | None:
    """The public's page in the active language; None where it has to tell of an earlier application."""
    told = _context(compiled, sheet, token, "online", by)
    return None if told["earlier"] else _filled(compiled, told, token)


def _filled(compiled: Compiled, told: Mapping[str, Any], token: str) -> str:
    texts = {
        "answers": escape(told["answers"]),
        "parts": render_to_string("applications/answers.html", dict(told)),
        "key": escape(told["key"]),
        "started": escape(told["started"]),
        "token": escape(token),
        "fee": "" if told["fee"] is None else escape(yen(told["fee"])),
    }
    kept = _kept(compiled.version_id, language(), told["fee"] is not None)
    return "".join(texts[piece] if number % 2 else piece for number, piece in enumerate(kept))


def _context(compiled: Compiled, sheet: Sheet, token: str, channel: str, by: Actor) -> dict[str, Any]:
    good = _good(compiled, sheet)
    return {
        **_frame(compiled, sheet.key, token, channel),
        "parts": present.shown(compiled, good["answers"], language(), typed=good["typed"]),
        "answers": json.dumps(sheet.answers),  # in ASCII, which a browser sends with a third of the escapes
        "fee": good["fee"],
        "started": sheet.started,
        "earlier": likeness.earlier(compiled, good["answers"], by=by),
    }


def _good(compiled: Compiled, sheet: Sheet) -> Mapping[str, Any]:
    """What was judged before this page; judged anew where another version has come since."""
    if sheet.good is not None and sheet.good["version"] == compiled.version_id:
        return sheet.good
    judged = compiled.judge(sheet.answers)
    return {"answers": judged.answers, "typed": judged.typed, "fee": compiled.fee(judged.answers)}


def _frame(compiled: Compiled, key: str, token: str, channel: str) -> Mapping[str, Any]:
    code = compiled.procedure.code
    return {
        "compiled": compiled,
        "name": compiled.words(language()).text("name", compiled.procedure.name),
        "key": key,
        "submit_url": reverse(ROUTES[channel].submit, args=[code]),
        "edit_url": reverse(ROUTES[channel].sheet, args=[code, token]),
        "case_url": ROUTES[channel].case,
        "channel": channel,
        "base_template": BASES[channel],
    }


@lru_cache(maxsize=KEPT_PAGES)
def _kept(version: int, _language: str, has_fee: bool) -> list[str]:
    """The page of nobody's application: text, name of a blank, text, …"""
    compiled = catalogue.compiled_version(version)
    place = reverse("applications:confirmation", args=[compiled.procedure.code, BLANK["token"]])
    blank = {**BLANK, "written": BLANK["parts"], "fee": FEE if has_fee else None}
    told = {**_frame(compiled, BLANK["key"], BLANK["token"], "online"), **blank, "key": BLANK["key"]}
    page = render_to_string("applications/confirm.html", told, nobodys(place))
    names = {text: name for name, text in BLANK.items()} | {yen(FEE): "fee"}
    pieces = re.split("|".join(f"({re.escape(text)})" for text in names), page)
    return [names.get(piece, piece) for piece in pieces if piece is not None]
