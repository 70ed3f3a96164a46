"""An order that a program makes, answered in front of Django where everything is as usual (ADR 58).

It is read, written and shown by what the operation of the API calls (`api/orders.py`); an appointment, a refusal and
whatever else is not usual go on to Django. An order that was written and then goes on is not written twice: its key is
known.
"""

import json
from types import SimpleNamespace
from typing import Final

from django.utils.translation import get_language_from_request, override
from ninja.responses import NinjaJSONEncoder

from madoguchi.design.middleware import HEADERS
from madoguchi.people.brake.middleware import COUNTED, counted
from madoguchi.people.methods import OPEN_TO_ALL
from madoguchi.people.rules import table
from madoguchi.platform.once import is_idempotency_key
from madoguchi.platform.passing import Answer, body_of, is_plain
from madoguchi.platform.same_pages import Environ

from .api import orders

PATH: Final = "/api/v1/orders"
ROUTE: Final = "api:make_order"
JSON: Final = "application/json"
SENT: Final = {
    **HEADERS, **OPEN_TO_ALL, "Cache-Control": "no-store", "Content-Type": f"{JSON}; charset=utf-8",
    "Vary": "Accept-Language",
}  # fmt: skip


def answer(environ: Environ) -> Answer | None:
    """The answer to a usual order (`platform.passing.Way`)."""
    if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST" or not is_plain(environ):
        return None
    key = f"api:{environ.get('HTTP_IDEMPOTENCY_KEY', '')}"
    if environ.get("CONTENT_TYPE") != JSON or key == "api:" or not key.isascii() or not is_idempotency_key(key):
        return None
    asked = orders.OrderIn.model_validate_json(body_of(environ))
    if asked.way or asked.case:
        return None
    environ[COUNTED] = counted(environ, table()[ROUTE])
    if environ[COUNTED] is not None:
        return None
    language = get_language_from_request(SimpleNamespace(META=environ, COOKIES={}))  # type: ignore[arg-type]
    with override(language):
        shown = orders.shown(orders.made(asked, key))
    body = json.dumps(shown, cls=NinjaJSONEncoder, ensure_ascii=False).encode()
    return Answer("201 Created", {**SENT, "Content-Language": language}, body, ROUTE)
