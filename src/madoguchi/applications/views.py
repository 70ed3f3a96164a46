"""Pages of the form: fill in, confirm, submit once, receipt. The same views serve the counter (channel)."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.cases.models import Case
from madoguchi.cases.queries import today
from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.compiled import Compiled, LanguageOf
from madoguchi.catalogue.fields import FormBuilder
from madoguchi.catalogue.messages import sentence
from madoguchi.catalogue.models import Version
from madoguchi.catalogue.problems import Problem, Refused
from madoguchi.catalogue.questions import Group
from madoguchi.catalogue.questions.address import town_of
from madoguchi.design.templatetags.design import day, moment
from madoguchi.foundation.identifiers import new_secret, parse_reference
from madoguchi.people import keys
from madoguchi.people.access import acting
from madoguchi.people.actor import applicant

from . import actions, entrance, forms, intake, present
from .front import MARK
from .rules import changeable, is_idempotency_key
from .uploads import store

PAGE_SECONDS = 60
INDENTS = re.compile(rb"\n\s+")
KEPT_PAGES = 600


class Routes(NamedTuple):
    """The URL names of one channel."""

    form: str
    confirm: str
    submit: str
    received: str
    correct: str
    case: str


ROUTES = {
    "online": Routes(
        "applications:form", "applications:confirm", "applications:submit", "applications:received",
        "applications:correct", "counter:case",
    ),
    "counter": Routes(
        "desk:counter-form", "desk:counter-confirm", "desk:counter-submit", "desk:counter-received",
        "desk:visitor-correct", "desk:case",
    ),
}  # fmt: skip

BASES = {"online": "base.html", "counter": "desk_base.html"}


def language() -> str:
    """The reader's language."""
    return get_language() or "ja"


def form(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """The empty form: the same bytes for everybody, so that it can be kept (`front.py`)."""
    listed = _listed(code)
    if not listed.is_open(today()):
        return _closed(request, listed)
    if channel != "online":
        return _form(request, listed.compiled, channel, {}, ())
    response = HttpResponse(_blank_form(listed.compiled.version_id, language()))
    response.headers["Cache-Control"] = f"public, max-age={PAGE_SECONDS}"
    response.headers[MARK] = "1"
    return response


@lru_cache(maxsize=KEPT_PAGES)
def _blank_form(version: int, _language: str) -> bytes:
    """The empty form in the active language."""
    compiled = catalogue.compiled_version(version)
    nobody = _nobodys(reverse("applications:form", args=[compiled.procedure.code]))
    return INDENTS.sub(b"\n", _form(nobody, compiled, "online", {}, ()).content)


def _nobodys(path: str) -> HttpRequest:
    """A request without a person, for pages that are rendered once for all."""
    request = HttpRequest()
    request.path = request.path_info = path
    return request


def _form(
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
        "summary": [_linked(compiled, problem) for problem in problems],
        "action": reverse(ROUTES[channel].confirm, args=[compiled.procedure.code]),
        "channel": channel,
        "base_template": BASES[channel],
        "filled": bool(answers),
        "opened": opened,
    }
    return render(request, "applications/form.html", context, status=status)


def _linked(compiled: Compiled, problem: Problem) -> dict[str, str]:
    """A line of the error summary: which question, what is wrong, and where to."""
    words = compiled.words(language())
    question = compiled.by_id.get(str(problem.path[0])) if problem.path else None
    label = words.text(f"questions.{question.id}.label", question.label) if question else ""
    return {"id": problem.name.replace(".", "-"), "label": label, "text": sentence(compiled.told(problem), words)}


def rules_for_browser(compiled: Compiled) -> dict[str, Any]:
    """What the browser needs to evaluate conditions, constraints and the fee for comfort."""
    types = {question.id: question.type for question in compiled.questions}
    groups = (question for question in compiled.questions if isinstance(question, Group))
    rows = {group.id: {inner.id: inner.type for inner in group.questions} for group in groups}
    fee = compiled.procedure.fee.amount if compiled.procedure.fee else ""
    words = compiled.words(language())
    constraints = [
        {"rule": one.rule, "at": one.at, "message": words.text(f"constraints.{one.id}", one.message)}
        for one in compiled.procedure.constraints
    ]
    return {"types": types, "rows": rows, "fee": fee, "constraints": constraints, "version": compiled.digest[:12]}


def _listed(code: str) -> catalogue.Listed:
    listed = catalogue.find(code)
    if listed is None:
        raise Http404(code)
    return listed


def _closed(request: HttpRequest, listed: catalogue.Listed) -> HttpResponse:
    return render(request, "applications/closed.html", {"compiled": listed.compiled, "listed": listed}, status=410)


def confirm(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """Judge what was typed: show it for confirmation, or the form again with everything that was typed."""
    listed = _listed(code)
    if not listed.is_open(today()):
        return _closed(request, listed)
    compiled = listed.compiled
    posted = forms.read(request, compiled)
    if posted.button:
        return _form(request, compiled, channel, posted.answers, posted.problems, opened=posted.opened)
    judged = compiled.judge(posted.answers)
    told = {problem.path for problem in posted.problems}
    problems = posted.problems + [p for p in judged.problems if not (p.code == "missing" and p.path in told)]
    problems += actions.upload_problems(compiled, judged.answers)
    if problems:
        return _form(request, compiled, channel, {**posted.answers, **judged.answers}, problems, status=422)
    context = {
        "compiled": compiled,
        "name": compiled.words(language()).text("name", compiled.procedure.name),
        "parts": present.shown(compiled, judged.answers, language()),
        "answers": json.dumps(judged.answers),  # in ASCII, which a browser sends with a third of the escapes
        "fee": compiled.fee(judged.answers),
        "key": new_secret(),
        "started": request.POST.get("started", ""),
        "submit_url": reverse(ROUTES[channel].submit, args=[code]),
        "edit_url": reverse(ROUTES[channel].confirm, args=[code]),
        "channel": channel,
        "base_template": BASES[channel],
    }
    return render(request, "applications/confirm.html", context)


def submit(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """File the application once, however often the button is pressed."""
    listed, key = _listed(code), request.POST.get("key", "")
    if not listed.is_open(today()) and not actions.was_submitted(code, key):
        return _closed(request, listed)
    compiled = listed.compiled
    posted = forms.read(request, compiled)
    if not is_idempotency_key(key):
        return _form(request, compiled, channel, posted.answers, [], status=422)
    try:
        done = actions.submit(
            compiled=compiled,
            answers=posted.answers,
            key=key,
            channel=channel,
            language=language(),
            by=acting(request),
            seconds=_seconds(request.POST.get("started", "")),
        )
    except actions.NotAccepted as refused:
        return _form(request, compiled, channel, {**posted.answers, **refused.answers}, refused.problems, status=422)
    except actions.KeyReused:
        return render(request, "applications/key_reused.html", {"compiled": compiled}, status=409)
    response = HttpResponseRedirect(reverse(ROUTES[channel].received, args=[done.case.reference]), status=303)
    if channel == "online":
        keys.hand_over(request, response, done.case.reference, done.key)
    return response


def _seconds(started: str) -> int | None:
    return int(started) if started.isdecimal() and len(started) < 9 else None


def received(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt: reference, case key, promised day, what happens next."""
    held = keys.held(request).get(reference, "")
    receipt = intake.receipt(reference) if held else None
    if receipt is None or not keys.is_key(held, receipt.case_id, receipt.key_salt):
        raise Http404(reference)
    page = _blank_receipt(receipt.version, language(), receipt.due_on is not None)
    key = keys.shown_key(keys.case_key(receipt.case_id, receipt.key_salt))
    texts = (reference, key, moment(receipt.received_at), day(receipt.due_on))
    for blank, text in zip(_blanks(language()), texts, strict=True):
        page = page.replace(blank, escape(text))
    return HttpResponse(page)


# A receipt differs from another of the same procedure in four texts only, so its page is rendered once with these.
BLANK = SimpleNamespace(
    reference="LLLL-LLLL-LLL", key="llll-llll", received_at=datetime(1900, 1, 1, tzinfo=UTC), due_on=date(1901, 1, 1)
)


@lru_cache
def _blanks(_language: str) -> tuple[str, str, str, str]:
    return BLANK.reference, BLANK.key, moment(BLANK.received_at), day(BLANK.due_on)


@lru_cache(maxsize=KEPT_PAGES)
def _blank_receipt(version: int, _language: str, is_dated: bool) -> str:
    """The receipt of nobody's case in the active language."""
    compiled = catalogue.compiled_version(version)
    name = compiled.words(language()).text("name", compiled.procedure.name)
    due_on = BLANK.due_on if is_dated else None
    case = SimpleNamespace(
        procedure=compiled.procedure.code, reference=BLANK.reference, received_at=BLANK.received_at, due_on=due_on
    )
    nobody = _nobodys(reverse("applications:received", args=[BLANK.reference]))
    return render_to_string("applications/received.html", {"case": case, "key": BLANK.key, "name": name}, nobody)


def case_or_404(request: HttpRequest, reference: str) -> Case:
    """The case, if this browser holds its key; otherwise it does not exist."""
    case = get_object_or_404(Case.objects.for_actor(acting(request)), reference=reference)
    held = keys.held(request).get(case.reference, "")
    if not keys.is_key(held, case.pk, case.key_salt):
        raise Http404(reference)
    request.actor = applicant(case.reference)  # type: ignore[attr-defined] # whoever else they are: here they apply
    return case


def upload(request: HttpRequest) -> JsonResponse:
    """Store one file before the form is sent (the progress bar's other end)."""
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"error": _("ファイルを選んでください。")}, status=422)
    try:
        stored = store(file.name or "", file, limit=settings.UPLOAD_MAX_BYTES)
    except Refused as refused:
        text = sentence(refused.at(()), LanguageOf(language(), {}))
        return JsonResponse({"error": text}, status=413 if refused.code == "file-too-large" else 422)
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
    """Prefecture and town of a postal code, for the form's comfort."""
    found = town_of(digits)
    if found is None:
        return JsonResponse({"error": _("使われていない郵便番号です。番号を確かめてください。")}, status=404)
    response = JsonResponse({"prefecture": found[0], "town": found[1]})
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def enter(request: HttpRequest) -> HttpResponse:
    """Enter a case with its reference and key, on any device."""
    if request.method != "POST":
        return render(request, "applications/enter.html", {"held": list(keys.held(request))})
    typed = request.POST.get("reference", "")
    reference, key = parse_reference(typed[:40]), request.POST.get("key", "")[:80]
    case = entrance.enter(reference, key, sender=entrance.sender_of(request))
    if case is None:
        context = {"held": list(keys.held(request)), "refused": True, "reference": typed[:40]}
        return render(request, "applications/enter.html", context, status=422)
    return _into(request, case)


def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail or QR code. A look changes nothing; pressing the button uses it."""
    if request.method != "POST":
        return render(request, "applications/open.html", {"token": token})
    case = actions.accept_invitation(token=token)
    if case is None:
        return render(request, "applications/open.html", {"token": token, "refused": True}, status=410)
    return _into(request, case)


def _into(request: HttpRequest, case: Case) -> HttpResponse:
    response = redirect("counter:case", case.reference)
    keys.hand_over(request, response, case.reference, keys.case_key(case.pk, case.key_salt))
    return response


def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """The answer to a correction: only the questions asked about (and what depends on them)."""
    return correct_case(request, case_or_404(request, reference))


def correct_case(request: HttpRequest, case: Case, channel: str = "online") -> HttpResponse:
    """The same for a case that was loaded already: at the counter a clerk answers for the visitor."""
    correction = case.corrections.filter(answered_at__isnull=True).first()
    if correction is None:
        return redirect(ROUTES[channel].case, case.reference)
    shown = partial(_correction_form, request, case, correction, channel)
    if request.method != "POST":
        return shown(actions.last_filing(case).answers, ())
    posted = forms.read(request, case.compiled)
    if posted.button or posted.problems:
        merged = {**actions.last_filing(case).answers, **posted.answers}
        return shown(merged, posted.problems, status=422 if posted.problems else 200)
    try:
        actions.answer_correction(case=case, answers=posted.answers, by=acting(request), channel=channel)
    except actions.NotAccepted as refused:
        return shown({**refused.answers, **posted.answers}, refused.problems, status=422)
    return redirect(ROUTES[channel].case, case.reference)


def _correction_form(
    request: HttpRequest,
    case: Case,
    correction: Any,
    channel: str,
    answers: Mapping[str, Any],
    problems: Sequence[Problem],
    status: int = 200,
) -> HttpResponse:
    opened = changeable(case.compiled, [item["question"] for item in correction.items])
    asked = {item["question"]: item["text"] for item in correction.items}
    builder = FormBuilder(case.compiled, language(), answers, problems, files=partial(forms.files, of=case))
    fields = [
        (builder.field(question), asked.get(question.id, ""))
        for question in case.compiled.questions
        if question.id in opened
    ]
    context = {
        "case": case,
        "correction": correction,
        "fields": fields,
        "summary": [_linked(case.compiled, problem) for problem in problems],
        "compiled": case.compiled,
        "action": reverse(ROUTES[channel].correct, args=[case.reference]),
        "channel": channel,
        "base_template": BASES[channel],
    }
    return render(request, "applications/correct.html", context, status=status)
