"""The gate's pages for staff phones: scanning, the day's list, what was scanned, and the worker offline."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from madoguchi.foundation.text import as_code
from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused, written

from .. import queries
from ..facilities.directory import works_at
from ..facilities.wording import categories, category, facility_name, facility_names
from ..gate import entry
from ..gate.words import WORDS
from ..kinds import APPOINTMENT

CAMERA = "camera=(self), microphone=(), geolocation=()"


def index(request: HttpRequest) -> HttpResponse:
    """The facilities that have visitors today, of those that the officer's office runs."""
    now, by = timezone.now(), acting(request)
    offers = queries.offers_on(entry.midnight(now))
    facilities = [
        (code, facility_name(code), len(entry.twice(code, now)), (code, APPOINTMENT) in offers)
        for code in sorted({facility for facility, _offer in offers})
        if works_at(code, by)
    ]
    return render(request, "bookings/gates.html", {"facilities": facilities})


def known(facility: str) -> str:
    """The facility's code. Raises Http404 where it has never had a slot."""
    if not queries.has_slots(facility):
        raise Http404
    return facility


def staffed(request: HttpRequest, facility: str) -> str:
    """The facility's code, for an officer who works there. Raises Http404, and PermissionDenied for all others."""
    if not works_at(known(facility), acting(request)):
        raise PermissionDenied(f"another office runs {facility}")
    return facility


def page(request: HttpRequest, facility: str) -> HttpResponse:
    """The gate."""
    return _page(request, staffed(request, facility))


def check(request: HttpRequest, facility: str) -> HttpResponse:
    """A typed ticket, checked by the server where scripts do not."""
    staffed(request, facility)
    try:
        return _page(request, facility, _typed(request, facility))
    except ActionRefused as no:
        return _page(request, facility, refused=str(no))


def _page(request: HttpRequest, facility: str, shown: entry.Shown | None = None, refused: str = "") -> HttpResponse:
    now = timezone.now()
    context = {
        "facility": facility,
        "name": facility_name(facility),
        "now": entry.milliseconds(now),
        "categories": categories(facility).items(),
        "facilities": facility_names().items(),
        "words": WORDS.items(),
        "gate": request.POST.get("gate", ""),
        "refused": refused,
        "twice": entry.twice(facility, now),
        **_shown(shown),
        "typed": request.POST.get("ticket", ""),
    }
    response = render(request, "bookings/gate.html", context, status=422 if refused else 200)
    response.headers["Permissions-Policy"] = CAMERA
    return response


def _text(request: HttpRequest, name: str) -> str:
    return written(as_code(request.POST.get(name, "")))


def _typed(request: HttpRequest, facility: str) -> entry.Shown:
    if key := _text(request, "undo"):
        return entry.undo(key, facility=facility, by=acting(request))
    seen = bool(request.POST.get("seen"))
    name = written(request.POST.get("gate", ""), entry.LONGEST_NAME)
    return entry.show(_text(request, "ticket"), facility=facility, gate=name, seen=seen, by=acting(request))


def _shown(shown: entry.Shown | None) -> dict[str, object]:
    if shown is None:
        return {}
    payload = shown.payload
    return {
        "shown": shown,
        "said": WORDS[shown.state],
        "category": category(payload.facility, payload.category) if payload else None,
        "elsewhere": facility_name(payload.facility) if payload else "",
    }


def day(request: HttpRequest, facility: str) -> HttpResponse:
    """The day's list, the keys, the server's time, and a fresh token for what is sent later."""
    now = timezone.now()
    return JsonResponse(
        {**entry.day(staffed(request, facility), now), "token": get_token(request), "twice": _twice(facility)}
    )


@require_POST
def scans(request: HttpRequest, facility: str) -> HttpResponse:
    """What a phone scanned while it had no network."""
    staffed(request, facility)
    try:
        message = entry.Message.model_validate_json(_body(request))
    except ValidationError as fault:
        wrong = sorted({".".join(map(str, error["loc"])) for error in fault.errors()})[:5]
        return JsonResponse({"error": _("読み取りの記録の形が正しくありません。"), "at": wrong}, status=422)
    kept, refused = entry.tell(facility, message.scans, by=acting(request))
    now = timezone.now()
    return JsonResponse({"kept": kept, "refused": refused, "twice": _twice(facility), "now": entry.milliseconds(now)})


def _body(request: HttpRequest) -> bytes:
    """What was sent; nothing of a form in parts, which was read when its token was looked for."""
    return b"" if request.content_type == "multipart/form-data" else request.body


def _twice(facility: str) -> list[dict[str, object]]:
    return [
        {
            "number": one.ticket.number,
            "category": one.ticket.category,
            "entries": [[name, entry.milliseconds(at)] for name, at in one.entries],
        }
        for one in entry.twice(facility, timezone.now())
    ]


def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: under /desk/gate/, so that it can serve no other page."""
    script = (settings.BUILD_DIR / "static" / "js" / "gate-worker.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
