"""What load balancers and Prometheus read. Answers hold no host's name, so any `Host` is answered."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.common import CommonMiddleware

from . import health
from .quiet import PATHS


class Common(CommonMiddleware):
    """Django's, which refuses hosts that are not ours: who asks for these addresses may call this host as they like."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]
        """None lets the request pass. Raises DisallowedHost."""
        return None if request.path_info in PATHS else super().process_request(request)


def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def readyz(request: HttpRequest) -> JsonResponse:
    """Whether requests should come here; 503 with a problem (RFC 9457) that names what is missing."""
    missing = health.lacks()
    if not missing:
        return JsonResponse({"status": 200, "missing": []})
    told = {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": " ".join(health.REMEDY[one] for one in missing),
        "missing": missing,
    }
    return JsonResponse(told, status=503, content_type="application/problem+json")


def metrics(request: HttpRequest) -> HttpResponse:
    """This host's figures in Prometheus' text format, for who has the operator's token (its rule)."""
    from .exposition import CONTENT_TYPE, text

    return HttpResponse(text(), content_type=CONTENT_TYPE)
