"""The API under /api/v1/: everything that a person can do at the public counter, a program can do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.errors import ValidationError as BodyRefused
from ninja.renderers import JSONRenderer

from madoguchi.bookings.api.facilities import router as bookings
from madoguchi.bookings.api.orders import router as orders
from madoguchi.counter.api.applications import router as applications
from madoguchi.counter.api.figures import router as figures
from madoguchi.counter.api.procedures import router as procedures
from madoguchi.payments.api import router as payments
from madoguchi.people.rules import ANYONE, OPEN, Table
from madoguchi.platform.problems import Problems
from madoguchi.platform.problems import answer as problem_answer
from madoguchi.registers.api import router as registers

from .api_words import of_fault
from .openapi import DescribedAPI, written_once


class Readable(JSONRenderer):
    """JSON in UTF-8 as people read it, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


api = DescribedAPI(
    renderer=Readable(),
    title="Madoguchi",
    version="1",
    description=(
        "Apply, follow, correct, withdraw, rate, book, pay and verify. Errors are problem details (RFC 9457). "
        "What makes something takes an `Idempotency-Key`: the same key and body give the same answer, another body 409."
    ),
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    docs_decorator=written_once,
)
api.add_router("", procedures)
api.add_router("", applications)
api.add_router("", figures)
api.add_router("", registers)
api.add_router("", payments)
api.add_router("", bookings)
api.add_router("", orders)


def rules() -> Table:
    """Who may use each operation, as it says of itself (`allowed`), and the description; by the names of their URLs."""
    said = {
        operation.url_name or api.get_operation_url_name(operation, router): getattr(operation.view_func, "rule", None)
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }
    return {"openapi-json": OPEN, "api-root": ANYONE, **{name: rule for name, rule in said.items() if rule}}


@api.exception_handler(Problems)
def _problems(request: HttpRequest, problem: Problems) -> HttpResponse:
    return problem_answer(problem)


@api.exception_handler(BodyRefused)
def _body(request: HttpRequest, refused: BodyRefused) -> HttpResponse:
    errors = [{**_place(error["loc"]), "code": error["type"], "detail": of_fault(error)} for error in refused.errors]
    return problem_answer(Problems(422, _("送られた内容が、説明どおりの形になっていません。"), errors=errors))


def _place(where: tuple[Any, ...]) -> dict[str, str]:
    """A pointer into the body, or the name of a parameter. django-ninja begins with `body`, its argument's name."""
    source, *path = map(str, where)
    if source not in {"body", "file", "form"}:
        return {"parameter": ".".join(path)}
    path = path[1:] if source == "body" else path
    return {"pointer": "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)}


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    title = _("送られた内容を読み取れませんでした。") if error.status_code == 400 else str(error)
    return problem_answer(Problems(error.status_code, title))
