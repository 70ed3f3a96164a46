"""How long something lasted, in the reader's language."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def lasting(hours: int | None) -> str:
    """Hours up to two days, days above: 5時間, 12日. Empty when unknown."""
    if hours is None:
        return ""
    if hours <= 48:
        return _("%(n)s時間") % {"n": hours}
    return _("%(n)s日") % {"n": -(-hours // 24)}


@register.filter
def percent(share: float | None) -> str | None:
    """A share from 0 to 1 as whole per cent; None stays None."""
    return None if share is None else f"{share:.0%}"


@register.filter
def whole(value: float | None) -> int | None:
    """The nearest whole number; None stays None."""
    return None if value is None else round(value)


@register.filter
def columns(told: dict[str, float | int | None]) -> list[float | int | str | None]:
    """What a row along an axis shows, in the order of `figures/along.html`."""
    score = told["score"]
    names = ("received", "decided", "in_time", "corrected", "median_days", "p90_days")
    return [*(told[name] for name in names), None if score is None else f"{score:.1f}"]
