"""The one address of CKAN's actions: parameters in, envelope out, an ETag for what only changes with the catalogue."""

import hashlib
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from ..conditions import SearchRefused
from ..reader import TooSlow
from ..shelf import revision, shelf
from .actions import ACTIONS
from .parameters import Invalid, NotFound, Parameters

OPEN_TO_ALL: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
JSON: Final = "application/json;charset=utf-8"
ADDRESS: Final = re.compile(r"/api/(?:3/)?action/(?P<action>[a-z_]{1,60})/?")
_MOST_BYTES = 100_000


def action(request: HttpRequest, action: str) -> HttpResponse:
    """Do one of CKAN's actions. Errors have CKAN's envelope and its statuses 400, 404 and 409."""
    if action not in ACTIONS:
        return _answer(json.dumps(f"Bad request - Action name not known: {action[:100]}"), 400)
    try:
        given = _parameters(request)
    except ValueError:
        return _answer(json.dumps("Bad request - JSON Error: the request body is no JSON object"), 400)
    now = revision()
    key, etag = tag_of(now, action, given)
    if (unchanged := get_conditional_response(request, etag=etag)) is not None:
        unchanged.headers["Cache-Control"] = "no-cache"
        return unchanged
    try:
        body = answered(action, given, now, key)
    except (NotFound, Invalid, SearchRefused, TooSlow) as fault:
        status, body = error_body(action, fault)
        return _answer(body, status)
    response = _answer(body, 200)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response


def as_given(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The parameters of an address: a name that stands twice has a list."""
    given: dict[str, Any] = {}
    for name, value in pairs:
        held = given.get(name)
        given[name] = value if held is None else [*(held if isinstance(held, list) else [held]), value]
    return given


def tag_of(revision: str, action: str, given: Parameters) -> tuple[str, str]:
    """(the question as one text, the tag of its answer): rows too only change with the catalogue."""
    key = json.dumps([action, given], sort_keys=True, ensure_ascii=False, default=str)
    return key, '"' + hashlib.sha256(f"{revision}{key}".encode("utf-8", "replace")).hexdigest()[:24] + '"'


def answered(action: str, given: Parameters, revision: str, key: str) -> bytes:
    """The whole answer; answers about the catalogue are kept while it stays as it is.

    Raises NotFound, Invalid, SearchRefused, TooSlow, KeyError for an unknown action.
    """
    with translation.override("ja"):  # the API speaks Japanese
        if action.startswith("datastore_"):
            return _enveloped(action, ACTIONS[action](shelf(revision), given))
        return _kept(revision, key)


@lru_cache(maxsize=512)
def _kept(revision: str, key: str) -> bytes:
    name, given = json.loads(key)
    return _enveloped(name, ACTIONS[name](shelf(revision), given))


def _help(name: str) -> str:
    return json.dumps(f"{settings.PUBLIC_URL}/api/3/action/help_show?name={name}")


def _enveloped(name: str, result: str) -> bytes:
    return f'{{"help": {_help(name)}, "success": true, "result": {result}}}'.encode()


def error_body(name: str, fault: Exception) -> tuple[int, bytes]:
    """(status, CKAN's envelope of an error)."""
    status, told = 409, dict[str, Any]()
    if isinstance(fault, NotFound):
        status, told = 404, {"__type": "Not Found Error", "message": "Not found"}
    elif isinstance(fault, TooSlow):
        told = {"__type": "Validation Error", "query": [_("時間がかかりすぎるため、やめました。絞り込んでください。")]}
    elif isinstance(fault, SearchRefused):
        told = {"__type": "Validation Error", fault.field: [str(fault)]}
    elif isinstance(fault, Invalid):
        told = {**fault.faults, "__type": "Validation Error"}
    error = json.dumps(told, ensure_ascii=False)
    return status, f'{{"help": {_help(name)}, "success": false, "error": {error}}}'.encode()


def unavailable(name: str) -> HttpResponse:
    """503 in CKAN's envelope."""
    told = {"__type": "Service Unavailable", "message": _("ただいま、ご利用いただけません。")}
    error = json.dumps(told, ensure_ascii=False)
    return _answer(f'{{"help": {_help(name)}, "success": false, "error": {error}}}', 503)


def _answer(body: str | bytes, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type=JSON, headers=OPEN_TO_ALL)


def _parameters(request: HttpRequest) -> dict[str, Any]:
    """Of the address; for a POST of the body: JSON, or the fields of a form. Raises ValueError."""
    given: dict[str, Any] = {name: values[0] if len(values) == 1 else values for name, values in request.GET.lists()}
    if request.method != "POST":
        return given
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return given | _form(request)
    body = request.body
    if len(body) > _MOST_BYTES:
        raise ValueError("too long")
    sent = _loaded(body) if body.strip() else {}
    if not isinstance(sent, dict):
        raise ValueError("no object")
    return given | sent


def _form(request: HttpRequest) -> dict[str, Any]:
    """Some clients send JSON as if it were a form: then it is the one name."""
    try:
        fields = {name: values[0] if len(values) == 1 else values for name, values in request.POST.lists()}
        if request.content_type == "application/x-www-form-urlencoded" and request.body.lstrip().startswith(b"{"):
            sent = _loaded(request.body)
            return sent if isinstance(sent, dict) else fields
    except (MultiPartParserError, RawPostDataException) as fault:
        raise ValueError("no form") from fault
    return fields


def _loaded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except RecursionError as fault:
        raise ValueError("too deep") from fault
