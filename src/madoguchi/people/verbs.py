"""One view, one verb: an address that is read and written, or whose form has several buttons, names a view for each."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def verbs(read: View, write: View, button: str = "", **pressed: View) -> View:
    """`read` shows; `write` takes what is sent, unless the form's `button` says that another verb is meant."""

    @wraps(read)
    def chosen(request: HttpRequest, *where: Any, **named: Any) -> HttpResponse:
        if request.method != "POST":
            return read(request, *where, **named)
        verb = pressed.get(request.POST.get(button, ""), write) if pressed else write
        return verb(request, *where, **named)

    return chosen
