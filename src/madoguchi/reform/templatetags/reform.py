"""The words of the reform pages for templates."""

from decimal import Decimal

from django import template

from madoguchi.cases.queries import channel_name
from madoguchi.catalogue.queries import procedure_name
from madoguchi.people.town import office_name
from madoguchi.reform import words

register = template.Library()
for name in ("said", "keyword", "less", "kind", "bureau", "quarter"):
    register.filter(name, getattr(words, name))
register.filter("when", words.moment)
register.filter("channel", channel_name)
register.filter("office", office_name)
register.filter("procedure", procedure_name)


@register.filter
def number(value: object) -> str:
    """A number without needless decimals: 94.8, 22,000; a dash where there is none."""
    return f"{float(value):,.10g}" if isinstance(value, int | float | Decimal) else "–"


@register.filter
def percent(value: object) -> str:
    """A share, 0 to 1, as percent; a dash where it is not published."""
    return f"{value:.0%}" if isinstance(value, float) else "–"
