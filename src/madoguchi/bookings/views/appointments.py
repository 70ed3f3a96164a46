"""Booking an appointment: the same page for an applicant and for an officer who books for one."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import new_secret, parse_reference
from madoguchi.foundation.text import is_blank
from madoguchi.payments.paying.till import AT_TILL
from madoguchi.people import keys
from madoguchi.people.access import acting
from madoguchi.people.actor import Actor, applicant
from madoguchi.platform.once import is_idempotency_key
from madoguchi.platform.refusing import ActionRefused

from .. import queries
from ..facilities import calendar, present
from ..facilities.directory import offer_of
from ..kinds import APPOINTMENT
from ..models import Order, Slot
from ..sales import shop
from ..visits import appointment as appointments
from ..visits.phone import keep_order, kept_orders, remember


def appointment(request: HttpRequest, facility: str, slot: UUID, channel: str = "online") -> HttpResponse:
    """Say how, about what and who."""
    return _page(request, _chosen(facility, slot), channel)


def _chosen(facility: str, slot: UUID) -> Slot:
    found = queries.slot_at(facility, slot)
    if found is None or found.offer != APPOINTMENT or offer_of(found) is None:
        raise Http404
    return found


def book(request: HttpRequest, facility: str, slot: UUID, channel: str = "online") -> HttpResponse:
    """Book it; what was typed stays, whatever is wrong."""
    chosen = _chosen(facility, slot)
    try:
        made = _made(request, chosen, channel)
    except ActionRefused as refused:
        return _page(request, chosen, channel, str(refused), 409 if refused.conflict else 422)
    if channel != "online":
        return redirect("sale:sold", made.secret)
    return remember(keep_order(redirect("bookings:order", made.secret), made, kept_orders(request)), made)


def _made(request: HttpRequest, slot: Slot, channel: str) -> Order:
    key, by, case = request.POST.get("key", ""), acting(request), _case(request, channel)
    if not is_idempotency_key(key):
        raise ActionRefused(_("画面が古くなりました。もう一度「予約する」を押してください。"))
    if channel != "online" and not by.holds(shop.offered(slot).facility.office, AT_TILL):
        raise ActionRefused(_("この窓口の職員だけができる操作です。"))
    if channel == "online" and case is not None:
        by = applicant(case.reference)  # whoever else they are: here they apply
    return appointments.make(
        slot=slot, way=request.POST.get("way", ""), key=f"{channel}:{key}", by=by, channel=channel,
        buyer=shop.Buyer(request.POST.get("email", ""), request.POST.get("name", ""), get_language() or "ja"),
        case=case,
    )  # fmt: skip


def _held(request: HttpRequest) -> list[Case]:
    """The cases whose keys this browser holds; a key that was revoked opens nothing."""
    held = keys.held(request)
    named = Case.objects.for_actor(Actor("applicant", references=frozenset(held)))
    return [one for one in named if keys.is_key(held[one.reference], one.pk, one.key_salt)]


def _case(request: HttpRequest, channel: str) -> Case | None:
    """The case that was chosen or typed, if it is the applicant's, or the officer may see it. Raises ActionRefused."""
    asked = request.POST.get("case", "")
    if is_blank(asked):
        return None
    reference = parse_reference(asked) or ""
    if channel == "online":
        found = next((one for one in _held(request) if one.reference == reference), None)
    else:
        found = Case.objects.for_actor(acting(request)).filter(reference=reference).first()
    if found is None:
        raise ActionRefused(_("この受付番号の申請が見つかりません。番号を確かめてください。"))
    return found


def _page(request: HttpRequest, slot: Slot, channel: str, refused: str = "", status: int = 200) -> HttpResponse:
    slot.refresh_from_db()
    _slot, found, offer = shop.offered(slot)
    said = get_language() or "ja"
    mine = appointments.about(slot, _held(request)) if channel == "online" else []
    context = {
        "facility": present.card(found),
        "slot": slot,
        "day": timezone.localdate(slot.starts_at),
        "state": calendar.state([slot], timezone.now()),
        "ways": [(code, _("窓口で")) if code == "counter" else (code, _("ビデオ通話で")) for code in offer.by],
        "cases": [(one, one.compiled.words(said).text("name", one.compiled.procedure.name)) for one in mine],
        "needs_name": offer.needs_name,
        "typed": request.POST,
        "key": request.POST.get("key") or new_secret(),
        "refused": refused,
        "at_counter": channel != "online",
        "base_template": "base.html" if channel == "online" else "desk_base.html",
        "day_url": "bookings:day" if channel == "online" else "sale:day",
    }
    return render(request, "bookings/appointment.html", context, status=status)
