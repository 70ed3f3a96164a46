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
