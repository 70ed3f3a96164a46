"""The API under /api/v1/: everything that a person can do at the public counter, a program can do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as BodyRefused
from ninja.renderers import JSONRenderer

from madoguchi.applications.problems import Problems
from madoguchi.applications.problems import answer as problem_answer
from madoguchi.bookings.api import router as bookings
from madoguchi.bookings.order_api import router as orders
from madoguchi.counter.api import router
from madoguchi.payments.api import router as payments


class Readable(JSONRenderer):
    """JSON in UTF-8 as people read it, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=Readable(),
    title="Madoguchi",
    version="1",
    description=(
        "Apply, follow, correct, withdraw, rate and verify. Errors are problem details (RFC 9457). "
        "Writes take an `Idempotency-Key`: the same key and body give the same answer, another body gives 409."
    ),
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
)
api.add_router("", router)
api.add_router("", payments)
api.add_router("", bookings)
api.add_router("", orders)


@api.exception_handler(Problems)
def _problems(request: HttpRequest, problem: Problems) -> HttpResponse:
    return problem_answer(problem)


@api.exception_handler(BodyRefused)
def _body(request: HttpRequest, refused: BodyRefused) -> HttpResponse:
    errors: list[dict[str, Any]] = [
        {
            "pointer": "/" + "/".join(str(part) for part in error["loc"] if part != "body"),
            "code": error["type"],
            "detail": error["msg"],
        }
        for error in refused.errors
    ]
    return problem_answer(Problems(422, "The request does not have the documented form.", errors=errors))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_answer(Problems(error.status_code, str(error)))
