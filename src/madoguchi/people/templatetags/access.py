"""What a page shows according to the access table, so that no menu leads to a refusal."""

from django import template
from django.http import HttpRequest

from madoguchi.people.access import acting, table

register = template.Library()


@register.filter
def may_read(request: HttpRequest, name: str) -> bool:
    """Whether this officer's roles may open the page with this URL name (`{% if request|may_read:"desk:inbox" %}`).

    Raises KeyError for a name that has no row in the table.
    """
    roles = table()[name].roles
    return not roles or bool(roles & acting(request).roles)
