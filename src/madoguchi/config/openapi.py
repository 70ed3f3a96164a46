"""The API as it describes itself: names of operations, problems, tokens, where it stands, its licence."""

from typing import Any, Final

from django.conf import settings
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic.json_schema import models_json_schema

from madoguchi.applications.programs import BEARER, Fault, Problem, refusal

_REF: Final = "#/components/schemas/{model}"
_SCHEME: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "The `access_token` of the application, order, payment or place in a line. There are no accounts.",
}


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
            if "post" in methods:  # strangers' writes are braked by the access table, not by the operation
                methods["post"]["responses"][429] = refusal(429)
        return found
