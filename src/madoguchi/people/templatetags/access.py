"""What a page shows according to the rules of URLs, so that no menu leads to a refusal."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse

from madoguchi.people.access import acting
from madoguchi.people.rules import table

register = template.Library()


@register.filter
def may_read(request: HttpRequest, name: str) -> bool:
    """Whether this officer's roles may open the page with this URL name (`{% if request|may_read:"desk:inbox" %}`).

    Raises KeyError for a name that has no rule.
    """
    roles = table()[name].roles
    return not roles or bool(roles & acting(request).roles)


@register.inclusion_tag("design/menu_item.html", takes_context=True)
def menu_item(context: dict[str, Any], name: str, label: str) -> dict[str, Any]:
    """A page of a menu, where this reader may open it: marked when it is the page that is read, or lies above it."""
    request, url = context.get("request"), reverse(name)
    if request is None:  # a page that is written without anybody asking: the waiting page, a paper
        return {"url": url, "label": label, "current": "", "is_shown": not table()[name].roles}
    current = "page" if url == request.path else "true" if url in context["above"] else ""
    return {"url": url, "label": label, "current": current, "is_shown": may_read(request, name)}
