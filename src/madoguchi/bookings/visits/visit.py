"""A visit without touching anything: arriving by one's own phone, being called, and the board of the waiting room."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.bookings.kinds import APPOINTMENT
from madoguchi.foundation.text import as_code
from madoguchi.people.actor import Actor
from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.refusing import ActionRefused, written

from ..facilities.directory import works_at
from ..models import Order, Visit
from ..sales.telling import tell_case
from .waiting_time import estimate

BEFORE, AFTER = timedelta(hours=1), timedelta(minutes=30)
"""From when before the slot's start until when after its end one may arrive; this town's own choice."""
WEEKS = timedelta(weeks=4)
ACTIVE = timedelta(hours=1)
LONGEST_DESK = 20


def why_not(order: Order, now: datetime) -> str:
    """Why this visitor cannot arrive now; "" if nothing is in the way."""
    slot = order.slot
    if order.way == "video":
        return _("ビデオ通話の予約です。来る必要はありません。予約のページからつないでください。")
    if order.state != Order.State.CONFIRMED:
        return _("この予約は、いまは有効ではありません。職員に声をかけてください。")
    if timezone.localdate(slot.starts_at) != timezone.localdate(now):
        return _("予約の日は今日ではありません。日付を確かめてください。")
    if now < slot.starts_at - BEFORE:
        return _("まだ早いため、受付できません。予約の1時間前からできます。")
    if now > slot.ends_at + AFTER:
        return _("予約の時刻を過ぎています。職員に声をかけてください。")
    return ""


@transaction.atomic
def arrive(*, order: Order, by: Actor) -> Visit:
    """The visitor is here and gets a number; a second time gives the same one. Raises ActionRefused."""
    order = Order.objects.select_for_update().get(pk=order.pk)  # its slot may change while this waits
    if order.arrived_at:
        return order.visit
    now = timezone.now()
    if reason := why_not(order, now):
        raise ActionRefused(reason)
    facility, day = order.slot.facility, timezone.localdate(now)
    _one_at_a_time(facility)
    last = Visit.objects.filter(facility=facility, day=day).aggregate(last=Max("number"))["last"] or 0
    order.arrived_at = now
    order.save(update_fields=["arrived_at"])
    tell_case(order, "arrived", by=by)
    return Visit.objects.create(order=order, facility=facility, day=day, number=last + 1)


@transaction.atomic
def leave(*, order: Order, by: Actor) -> None:
    """Take the arrival back, as long as nobody has called. Raises ActionRefused."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    visit = Visit.objects.select_for_update().filter(order=order).first()
    if visit is None:
        return
    if visit.called_at:
        raise ActionRefused(_("すでにお呼びしています。窓口へお越しください。"), conflict=True)
    visit.delete()
    order.arrived_at = None
    order.save(update_fields=["arrived_at"])


def _one_at_a_time(facility: str) -> None:
    if switched_off("visit-lock"):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('visit ' || %s))", [facility])


@transaction.atomic
def call_next(*, facility: str, desk: str, seen: str = "", by: Actor) -> Visit | None:
    """次の方どうぞ: ends what this desk was doing and calls the next; None where nobody waits. Raises ActionRefused.

    Next is whose appointment is earliest, then who came first. `seen`: whom the page showed at this desk (the visit's
    id, "" for nobody), so that a second press does not send the person away who was just called.
    """
    desk, now = _known_desk(facility, desk, by), timezone.now()
    _one_at_a_time(facility)
    here = _at_desk(facility, desk, now).first()
    if (str(here.pk) if here else "") != seen:
        raise ActionRefused(
            _("この窓口では、ほかの方の対応が続いています。画面を確かめて、もう一度押してください。"), conflict=True
        )
    _at_desk(facility, desk, now).update(ended_at=now)
    line = waiting(facility, timezone.localdate(now))
    visit = (line if switched_off("visit-lock") else line.select_for_update(of=("self",))).first()
    if visit is None:
        return None
    visit.desk, visit.called_at = desk, now
    visit.save(update_fields=["desk", "called_at"])
    tell_case(visit.order, "called", by=by)
    return visit


@transaction.atomic
def end(*, facility: str, desk: str, absent: bool = False, by: Actor) -> None:
    """The visitor at this desk is done, or did not come; nothing happens where there is none. Raises ActionRefused."""
    now = timezone.now()
    _at_desk(facility, _known_desk(facility, desk, by), now).update(ended_at=now, is_absent=absent)


def _known_desk(facility: str, desk: str, by: Actor) -> str:
    if not works_at(facility, by):
        raise ActionRefused(_("この施設の担当課の職員だけができる操作です。"))
    if not (desk := written(as_code(desk), LONGEST_DESK)):
        raise ActionRefused(_("窓口の番号を入力してください。"))
    return desk


def _at_desk(facility: str, desk: str, now: datetime) -> QuerySet[Visit]:
    return Visit.objects.filter(
        facility=facility, day=timezone.localdate(now), desk=desk, called_at__isnull=False, ended_at__isnull=True
    )


def waiting(facility: str, day: date) -> QuerySet[Visit]:
    """Who waits, in the order of being called."""
    found = Visit.objects.filter(facility=facility, day=day, called_at__isnull=True).select_related("order__slot")
    return found.order_by("order__slot__starts_at", "number")


def expected(facility: str, day: date) -> QuerySet[Order]:
    """Whose appointment is on this day and who has not come, in the order of the day."""
    booked = Order.objects.filter(slot__facility=facility, slot__offer=APPOINTMENT, slot__starts_at__date=day)
    absent = booked.filter(state=Order.State.CONFIRMED, arrived_at__isnull=True).select_related("slot")
    return absent.order_by("slot__starts_at", "made_at")


def served(facility: str, day: date) -> QuerySet[Visit]:
    """Who is at a desk now, the last called first."""
    found = Visit.objects.filter(facility=facility, day=day, called_at__isnull=False, ended_at__isnull=True)
    return found.select_related("order__slot").order_by("-called_at")


class Standing(NamedTuple):
    """Where a visitor stands: how many are called before, and about how many minutes that takes (None: unknown)."""

    ahead: int
    minutes: int | None


def standing(visit: Visit) -> Standing:
    """Where a waiting visitor stands now."""
    line = list(waiting(visit.facility, visit.day).values_list("pk", flat=True))
    ahead = line.index(visit.pk) if visit.pk in line else 0
    return Standing(ahead, minutes(visit.facility, ahead))


def minutes(facility: str, ahead: int) -> int | None:
    """About how long it takes to call so many, and the one whose turn it then is; None where nobody can know."""
    now = timezone.now()
    today = timezone.localdate(now)
    ended = Visit.objects.filter(facility=facility, ended_at__isnull=False, is_absent=False, day__gte=today - WEEKS)
    took = list(ended.annotate(took=F("ended_at") - F("called_at")).values_list("day", "took"))
    active = Visit.objects.filter(facility=facility, day=today, called_at__gte=now - ACTIVE)
    return estimate(
        [length for day, length in took if day == today],
        [length for day, length in took if day != today],
        ahead=ahead + 1,
        desks=max(active.values("desk").distinct().count(), 1),
    )
