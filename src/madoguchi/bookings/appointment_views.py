"""Booking an appointment: the same page for an applicant and for an officer who books for one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.applications.rules import is_idempotency_key
from madoguchi.cases.actions import ActionRefused
from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import new_secret, parse_reference
from madoguchi.payments.till import AT_TILL
from madoguchi.people.access import acting

from . import appointment, calendar, present, shop
from .format import APPOINTMENT
from .models import Order, Slot
from .phone import keep_order, kept_orders, remember


def book(request: HttpRequest, facility: str, slot: UUID, channel: str = "online") -> HttpResponse:
    """Say how, about what and who; a POST books. What was typed stays, whatever is wrong."""
    chosen = get_object_or_404(Slot, pk=slot, facility=facility, offer=APPOINTMENT)
    if request.method != "POST":
        return _page(request, chosen, channel)
    try:
        made = _made(request, chosen, channel)
    except ActionRefused as refused:
        return _page(request, chosen, channel, str(refused), 409 if refused.conflict else 422)
    if channel != "online":
        return redirect("sale:sold", made.secret)
    return remember(keep_order(redirect("bookings:order", made.secret), made, kept_orders(request)), made)


def _made(request: HttpRequest, slot: Slot, channel: str) -> Order:
    key, by = request.POST.get("key", ""), acting(request)
    if not is_idempotency_key(key):
        raise ActionRefused(_("画面が古くなりました。もう一度「予約する」を押してください。"))
    if channel != "online" and not by.holds(shop.definition(slot)[0].office, AT_TILL):
        raise ActionRefused(_("この窓口の職員だけができる操作です。"))
    return appointment.make(
        slot=slot, way=request.POST.get("way", ""), key=f"{channel}:{key}"[:200], by=by, channel=channel,
        buyer=shop.Buyer(request.POST.get("email", ""), request.POST.get("name", ""), get_language() or "ja"),
        case=_case(request, slot),
    )  # fmt: skip


def _case(request: HttpRequest, slot: Slot) -> Case | None:
    """The case that was chosen or typed, if the actor may see it. Raises ActionRefused."""
    asked = request.POST.get("case", "").strip()
    if not asked:
        return None
    found = Case.objects.for_actor(acting(request)).filter(reference=parse_reference(asked) or "").first()
    if found is None:
        raise ActionRefused(_("この受付番号の申請が見つかりません。番号を確かめてください。"))
    return found


def _page(request: HttpRequest, slot: Slot, channel: str, refused: str = "", status: int = 200) -> HttpResponse:
    slot.refresh_from_db()
    found, offer = shop.definition(slot)
    said, by = get_language() or "ja", acting(request)
    mine = appointment.about(slot, Case.objects.for_actor(by)[:20]) if channel == "online" else []
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
