"""The page after sending: what is to be paid first, then reference, case key and promised day."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import SimpleNamespace

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from madoguchi.cases.flow import AT_DELIVERY
from madoguchi.cases.queries import flow_under
from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.compiled import Compiled
from madoguchi.design.templatetags.design import day, moment, yen
from madoguchi.people import keys

from .. import intake
from .channels import language
from .form import KEPT_PAGES, nobodys


def received(request: HttpRequest, reference: str) -> HttpResponse:
    """What is due and until when, reference, case key, promised day."""
    page = shown(reference, keys.held(request).get(reference, ""))
    if page is None:
        raise Http404(reference)
    return HttpResponse(page)


def shown(reference: str, held: str) -> str | None:
    """The page in the active language for who holds the case's key; for everybody else there is none."""
    receipt = intake.receipt(reference) if held else None
    if receipt is None or not keys.is_key(held, receipt.case_id, receipt.key_salt):
        return None
    pay_by = _pay_by(receipt)
    page = _blank_receipt(
        receipt.version, language(), receipt.due_on is not None, receipt.unpaid > 0, pay_by is not None
    )
    key = keys.shown_key(keys.case_key(receipt.case_id, receipt.key_salt))
    texts = (reference, key, moment(receipt.received_at), day(receipt.due_on), yen(receipt.unpaid), day(pay_by))
    for blank, text in zip(_blanks(language()), texts, strict=True):
        page = page.replace(blank, escape(text))
    return page


def _pay_by(receipt: intake.Receipt) -> date | None:
    """The last day to pay the fee of what was sent first; one that a correction raised has a day of its own."""
    compiled = catalogue.compiled_version(receipt.version)
    flow = flow_under(compiled)
    if not receipt.unpaid or flow.fee_due is None or receipt.filings > 1:
        return None
    return timezone.localdate(receipt.received_at) + timedelta(days=flow.fee_days)


# A receipt differs from another of the same procedure in a few texts only, so its page is rendered once with these.
BLANK = SimpleNamespace(
    reference="LLLL-LLLL-LLL",
    key="llll-llll",
    received_at=datetime(1900, 1, 1, tzinfo=UTC),
    due_on=date(1901, 1, 1),
    unpaid=987_654_321,
    pay_by=date(1902, 1, 1),
)


@lru_cache
def _blanks(_language: str) -> tuple[str, ...]:
    days = moment(BLANK.received_at), day(BLANK.due_on), yen(BLANK.unpaid), day(BLANK.pay_by)
    return BLANK.reference, BLANK.key, *days


@lru_cache(maxsize=KEPT_PAGES)
def _blank_receipt(version: int, _language: str, is_dated: bool, owes: bool, owes_until: bool) -> str:
    """The receipt of nobody's case in the active language."""
    compiled = catalogue.compiled_version(version)
    name = compiled.words(language()).text("name", compiled.procedure.name)
    nobody = nobodys(reverse("applications:received", args=[BLANK.reference]))
    case = SimpleNamespace(
        procedure=compiled.procedure.code,
        reference=BLANK.reference,
        received_at=BLANK.received_at,
        due_on=BLANK.due_on if is_dated else None,
        unpaid=BLANK.unpaid if owes else 0,
        pay_by=BLANK.pay_by if owes_until else None,
        lapses=owes and _lapses(compiled),
    )
    return render_to_string("applications/received.html", {"case": case, "key": BLANK.key, "name": name}, nobody)


def _lapses(compiled: Compiled) -> bool:
    """Whether the case waits for its fee, and ends when it is not paid in time."""
    return flow_under(compiled).fee_due not in {None, AT_DELIVERY}
