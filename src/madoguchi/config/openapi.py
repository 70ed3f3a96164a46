"""The API as it describes itself: names of operations, problems, tokens, where it stands, its licence."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic.json_schema import models_json_schema

from madoguchi.platform.programs import BEARER, Fault, Problem, refusal

_REF: Final = "#/components/schemas/{model}"
_SCHEME: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "The `access_token` of the application, order, payment or place in a line. There are no accounts.",
}


def written_once(describe: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The description as this process wrote it first, in each language and for each public address.

    Building it takes a tenth of a second. Its tag is made where those of all shared answers are.
    """
    written: dict[tuple[str | None, str], bytes] = {}

    def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
        key = (get_language(), settings.PUBLIC_URL)
        if key not in written:
            written[key] = describe(request, **parts).content
        return HttpResponse(written[key], content_type="application/json")

    return answer


class DescribedAPI(NinjaAPI):
    """django-ninja with what it does not say by itself."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The view's own name."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The whole description."""
        found = super().get_openapi_schema(**given)
        found["servers"] = [{"url": settings.PUBLIC_URL}]
        found["info"]["license"] = {"name": "MIT", "identifier": "MIT"}
        components = found.setdefault("components", {})
        components["securitySchemes"] = {BEARER: _SCHEME}
        _all, problems = models_json_schema([(Problem, "serialization"), (Fault, "serialization")], ref_template=_REF)
        components["schemas"] = {**components.get("schemas", {}), **problems["$defs"]}
        for methods in found["paths"].values():
            if "post" in methods:  # strangers' writes are braked by the rule of the URL, not by the operation
                methods["post"]["responses"][429] = refusal(429)
        return found
