"""Reading payments: the ledger counted anew, and the treasurer's figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import TruncDate

from ..models import Attempt, Charge, Entry
from . import rules

MAY_BE_CASH = ("", "slip", "cash")
TRADED = (Entry.Kind.PAID, Entry.Kind.REFUNDED)


def charge_behind(secret: str) -> Charge | None:
    """The charge that a secret opens."""
    return Charge.objects.select_related("case__version").filter(secret=secret[:40]).first()


def charge_numbered(reference: str | None) -> Charge | None:
    """The charge with this number (納付番号); it opens nothing alone."""
    return Charge.objects.select_related("case").filter(reference=reference).first() if reference else None


def returned(charge: Charge) -> int:
    """Yen that were paid back so far."""
    yen: int = charge.attempts.aggregate(yen=Sum("refunded", default=0))["yen"]
    return yen


def lines_of(charge: Charge) -> list[rules.Line]:
    """The charge's lines as values, oldest first."""
    found = charge.entries.order_by("pk").values_list("kind", "debit", "credit", "yen")
    return [rules.Line(*one) for one in found]


def recount(charge: Charge) -> rules.Sums:
    """What the ledger says of a charge; always what `owed` and `paid` say."""
    return rules.sums(lines_of(charge))


def unsound() -> list[str]:
    """References of charges whose books do not hold (there are none), each once.

    Three things are compared that are written apart: a charge's `owed` and `paid` with its lines, each payment with the
    lines that name it, and each line's accounts with those of its kind.
    """
    return sorted({*_charges_that_differ(), *_attempts_that_differ(), *_lines_on_wrong_accounts()})


def _charges_that_differ() -> list[str]:
    counted = Charge.objects.annotate(
        up=_yen("entries", "owed"),
        down=_yen("entries", "lowered", "reduced", "written-off"),
        came=_yen("entries", "paid"),
        left=_yen("entries", "refunded"),
    ).exclude(owed=F("up") - F("down"), paid=F("came") - F("left"))
    return list(counted.values_list("reference", flat=True))


def _attempts_that_differ() -> list[str]:
    settled = Case(When(state=Attempt.State.PAID, then=F("yen")), default=0)
    counted = Attempt.objects.annotate(came=_yen("entries", "paid"), left=_yen("entries", "refunded"), settled=settled)
    return list(counted.exclude(came=F("settled"), left=F("refunded")).values_list("charge__reference", flat=True))


def _lines_on_wrong_accounts() -> list[str]:
    lines = Entry.objects.values_list("charge__reference", "attempt__provider", "kind", "debit", "credit", "yen")
    return [
        reference
        for reference, provider, kind, debit, credit, yen in lines
        if not rules.is_posted_right(rules.Line(kind, debit, credit, yen), provider or "")
    ]


def _yen(lines: str, *kinds: str) -> Sum:
    return Sum(f"{lines}__yen", filter=Q(**{f"{lines}__kind__in": kinds}), default=0)


def unpaid_until(day: date) -> QuerySet[Charge]:
    """Charges with something due whose day is this one or earlier."""
    return Charge.objects.filter(due_on__lte=day, paid__lt=F("owed"), lapsed_at__isnull=True)


@dataclass(frozen=True)
class Taken:
    """One line of the treasurer's page: what came in and was paid back by one key, in yen and in payments."""

    day: date
    code: str
    provider: str
    method: str
    came: int
    back: int
    payments: int

    @property
    def net(self) -> int:
        """What stays."""
        return self.came - self.back


def taken(since: date, until: date, offices: Iterable[str] | None = None) -> list[Taken]:
    """What came in and went back between two days, by day, procedure or facility, provider and method."""
    lines = Entry.objects.filter(kind__in=TRADED, at__date__gte=since, at__date__lte=until)
    if offices is not None:
        lines = lines.filter(charge__office__in=list(offices))
    rows = (
        lines.annotate(day=TruncDate("at"))
        .values_list("day", "charge__code", "attempt__provider", "attempt__method")
        .annotate(
            came=Sum("yen", filter=Q(kind="paid"), default=0),
            back=Sum("yen", filter=Q(kind="refunded"), default=0),
            payments=Count("pk", filter=Q(kind="paid")),
        )
        .order_by("day", "charge__code", "attempt__provider", "attempt__method")
    )
    return [Taken(*row) for row in rows]


def cashless_share(rows: Iterable[Taken]) -> float | None:
    """The share of payments made without cash (percent of the number of payments); None where there were none.

    A payment slip is paid at a bank or a shop, where cash may be used: unless the bank's file says that it was not, it
    counts as cash.
    """
    listed = list(rows)
    total = sum(row.payments for row in listed)
    cash = sum(row.payments for row in listed if row.provider == "slip" and row.method in MAY_BE_CASH)
    return None if total == 0 else 100 * (total - cash) / total
