"""Public pages: home, search, procedures, the applicant's case, the check of documents."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from madoguchi.applications import present
from madoguchi.applications.step_answers import hidden_files, newest_filings
from madoguchi.applications.views.entrance import case_or_404
from madoguchi.bookings.visits import appointment
from madoguchi.cases import actions as cases
from madoguchi.cases.flow import AT_DELIVERY
from madoguchi.cases.models import Case
from madoguchi.cases.queries import clock, flow_of, read_log
from madoguchi.catalogue import queries as catalogue
from madoguchi.credentials import actions as credentials
from madoguchi.decisions.rules import appeal_notice
from madoguchi.figures.queries import forecast
from madoguchi.foundation.text import sought
from madoguchi.participation import actions as participation
from madoguchi.payments.ledger.queries import returned
from madoguchi.payments.paying.fees import charge_of
from madoguchi.people.access import acting
from madoguchi.people.methods import asks_for_headers
from madoguchi.platform import refusing
from madoguchi.platform.calendar import today
from madoguchi.platform.file_kinds import CONTENT_TYPES, name_of_kind
from madoguchi.platform.quarantine import Busy
from madoguchi.registers.known import asks_for_one
from madoguchi.town.offices import contact, town

from . import finding, queries, timeline
from .receipt_paper import receipt as receipt_of


def home(request: HttpRequest) -> HttpResponse:
    """The entrance: search, life events, procedures, what else one can do."""
    context = {"events": _by_life_event(), "cards": queries.cards()}
    return render(request, "counter/home.html", context)


def _by_life_event() -> list[tuple[str, str, list[queries.Card]]]:
    cards = queries.cards()
    events = town().life_events.values()
    grouped = [
        (event.code, event.in_language(queries.language()), [c for c in cards if event.code in c.life_events])
        for event in events
    ]
    return [(code, name, found) for code, name, found in grouped if found]


def procedures(request: HttpRequest) -> HttpResponse:
    """Find what one looks for by words, and procedures by life event or bureau."""
    query = sought(request.GET.get("q", ""), 200)
    event, bureau = request.GET.get("event", ""), request.GET.get("bureau", "")
    hits = finding.search(query) if query else [finding.hit_of(card) for card in queries.cards()]
    name = town().bureaus[bureau].in_language(queries.language()) if bureau in town().bureaus else ""
    if event or name:
        hits = [hit for hit in hits if hit.card and _belongs(hit.card, event, name)]
    lang = queries.language()
    context = {
        "hits": [hit for hit in hits if not hit.where],
        "elsewhere": [hit for hit in hits if hit.where],
        "query": query,
        "event": event,
        "bureau": bureau,
        "events": [(one.code, one.in_language(lang)) for one in town().life_events.values()],
        "bureaus": [(one.code, one.in_language(lang)) for one in town().bureaus.values()],
    }
    return render(request, "counter/procedures.html", context)


def _belongs(card: queries.Card, event: str, bureau: str) -> bool:
    return (not event or event in card.life_events) and (not bureau or card.bureau == bureau)


def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """What one must know before starting: who, what, how much, how long, and the right to appeal."""
    listed = catalogue.find(code)
    if listed is None:
        raise Http404(code)
    compiled, words = listed.compiled, listed.compiled.words(queries.language())
    definition = compiled.procedure
    context = {
        "procedure": definition,
        "words": {
            key: words.text(key, getattr(definition, key))
            for key in ("name", "summary", "who_may_apply", "standard_period_note")
        },
        "needed": [words.text(f"needed.{n}", text) for n, text in enumerate(definition.needed)],
        "town_choice": [words.text(f"town_choice.{n}", text) for n, text in enumerate(definition.town_choice)],
        "fee": _fee(listed.compiled, words),
        "contact": contact(definition.office),
        "bureau": town().bureaus[definition.bureau].in_language(queries.language()),
        "steps": queries.flow_steps(compiled),
        "forecast": forecast(code),
        "appeal": appeal_notice(definition.appeal) if definition.appeal else [],
        "is_open": listed.is_open(today()),
        "listed": listed,
        "counters": _counters(code),
        "is_about_known": asks_for_one(compiled),
    }
    return render(request, "counter/procedure.html", context)


def _counters(procedure: str) -> list[tuple[str, str]]:
    """Code and name of the counters where one can book an appointment about a procedure."""
    return [(one.code, one.name.said(queries.language())) for one in appointment.counters_for(procedure)]


def _fee(compiled: Any, words: Any) -> dict[str, Any] | None:
    fee = compiled.procedure.fee
    if fee is None:
        return None
    fixed = int(fee.amount) if fee.amount.isdigit() else None
    return {"item": words.text("fee.item", fee.item), "amount": fixed, "note": words.text("fee.note", fee.note)}


def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The applicant's own page of a case."""
    found = case_or_404(request, reference)
    return _case(request, found)


def _case(request: HttpRequest, found: Case, refused: str = "", status: int = 200, **typed: Any) -> HttpResponse:
    standing, filings = clock(found), newest_filings(found)
    filing = filings[""]
    definition = found.compiled
    context = {
        "case": found,
        "name": definition.words(queries.language()).text("name", definition.procedure.name),
        "step": timeline.step_name(found),
        "timeline": timeline.history(found),
        "correction": found.corrections.filter(answered_at__isnull=True).first(),
        "clock": standing,
        "remaining": standing.remaining(today()) if standing and found.is_open else None,
        "forecast": forecast(found.procedure) if found.is_open else None,
        "documents": list(found.credentials.defer("pdf")),
        "decision": getattr(found, "decision", None),
        "may_withdraw": found.is_open and "withdrawn" in flow_of(found).outcomes(found.step),
        "rating": getattr(found, "rating", None),
        "charge": (charge := charge_of(found)),
        "returned": returned(charge) if charge else 0,
        "has_email": bool(filing.answers.get("contact_email")),
        "fee_at_delivery": flow_of(found).fee_due in {None, AT_DELIVERY},
        "readings": queries.readings(read_log(found)[:50]),
        "of_steps": present.of_steps(found, filings, queries.language(), shown_to="applicant"),
        "parts": present.shown(definition, filing.answers, queries.language(), typed=filing.typed),
        "contact": contact(found.office),
        "file_url": "counter:file",
        "reference": found.reference,
        "appointments": appointment.coming(found),
        "counters": _counters(found.procedure) if found.is_open else [],
        "refused": refused,
        **typed,
    }
    return render(request, "counter/case.html", context, status=status)


def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """On to the page where the fee is paid; back to the case where nothing is asked for."""
    charge = charge_of(case_or_404(request, reference))
    return redirect("counter:case", reference) if charge is None else redirect("payments:pay", charge.secret)


def receipt_paper(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt on paper, with the key: for whoever holds it already."""
    found = case_or_404(request, reference)
    return _attachment(receipt_of(found), "application/pdf", f"{_('受付票')}_{found.reference}.pdf")


def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw the application, after one question."""
    found = case_or_404(request, reference)
    if request.method != "POST":
        return render(request, "counter/withdraw.html", {"case": found})
    try:
        cases.withdraw(found, by=acting(request))
    except refusing.ActionRefused as refused:
        return _case(request, found, str(refused), 409)
    return redirect("counter:case", reference)


def rate(request: HttpRequest, reference: str) -> HttpResponse:
    """Rate the service, 1 to 5, with an optional comment."""
    found = case_or_404(request, reference)
    score, comment = request.POST.get("score", ""), request.POST.get("comment", "")
    try:
        participation.rate(
            found, score=int(score) if score.isdecimal() and len(score) == 1 else 0, comment=comment, by=acting(request)
        )
    except refusing.ActionRefused as refused:
        return _case(request, found, str(refused), 422, typed_comment=comment)
    return redirect("counter:case", reference)


def document(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Download an issued document; its arrival is recorded."""
    found = case_or_404(request, reference)
    credential = get_object_or_404(found.credentials, pk=number)
    if not found.electronic_notice:
        raise Http404(_("この決定は紙でお渡しします。"))
    if asks_for_headers(request):
        return _attachment(b"", "application/pdf", f"{credential.title}_{found.reference}.pdf")
    try:
        pdf = credentials.deliver(credential, by=acting(request))
    except refusing.ActionRefused as refused:
        return _case(request, found, str(refused), 409)
    return _attachment(pdf, "application/pdf", f"{credential.title}_{found.reference}.pdf")


def file(request: HttpRequest, reference: str, upload: str) -> HttpResponse:
    """One's own file back."""
    found = case_or_404(request, reference)
    kept = get_object_or_404(found.uploads, pk=upload)
    if kept.pk in hidden_files(found):
        raise Http404
    return _attachment(bytes(kept.content), CONTENT_TYPES[kept.kind], name_of_kind(kept.name, kept.kind))


def _attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def verify(request: HttpRequest) -> HttpResponse:
    """Anyone uploads a PDF and sees whether it is genuine, altered or withdrawn."""
    if request.method != "POST":
        return render(request, "counter/verify.html", {})
    sent = request.FILES.get("document")
    if sent is None or getattr(sent, "dropped", None) or not sent.size:
        return _unverified(request, _("確かめるPDFファイル（20MBまで）を選んでください。"), 422)
    try:
        verdict, known = credentials.examine(sent.read())
    except Busy:
        return _unverified(request, _("いま混み合っています。少し待って、もう一度送ってください。"), 503)
    state = queries.document_state(verdict, known)
    told = {"state": state, "verdict": verdict, "credential": known, **queries.behind(known)}
    return render(request, "counter/verify.html", told)


def _unverified(request: HttpRequest, problem: str, status: int) -> HttpResponse:
    return render(request, "counter/verify.html", {"problem": problem}, status=status)


def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind the QR code: the paper's number, title and state, and nothing the paper does not show."""
    credential = credentials.by_code(code)
    if credential is None:
        return render(request, "counter/verify.html", {"state": "no-such-code"}, status=404)
    state = "withdrawn" if credential.withdrawn_at else "registered"
    return render(
        request, "counter/verify.html", {"state": state, "credential": credential, **queries.behind(credential)}
    )


def root_certificate(request: HttpRequest) -> HttpResponse:
    """The certificate that outsiders check our signatures with."""
    return HttpResponse(credentials.trust_roots()[0], content_type="application/x-pem-file")


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility policy (JIS X 8341-3:2016)."""
    return render(request, "counter/accessibility.html", {})
