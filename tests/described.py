"""What the API answers, held against what it says of itself: every call of every test, wherever it stands."""

import json
import re
from functools import cache

import jsonschema_rs
from django.test import Client

API = "/api/v1/"


@cache
def description():
    """The OpenAPI document, as a program gets it."""
    from madoguchi.config.api import api

    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


def operation(method, path):
    """The documented operation of a call; None where there is none."""
    for template, methods in description()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in methods:
            return methods[method.lower()]
    return None


def keys_of_body(path):
    """What may stand in the JSON that is sent to an address."""
    content = (operation("POST", path) or {}).get("requestBody", {"content": {}})["content"]
    reference = content.get("application/json", {"schema": {}})["schema"].get("$ref", "")
    return description()["components"]["schemas"].get(reference.rpartition("/")[2], {}).get("properties", {})


@cache
def _validator(schema):
    whole = {**json.loads(schema), "components": description()["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def disagreements(method, path, answer):
    """How an answer differs from what is documented of it."""
    documented = operation(method, path)
    if documented is None or answer.status_code in {304, 405}:
        return []
    found = documented["responses"].get(str(answer.status_code))
    if found is None:
        return [f"{method} {path}: {answer.status_code} is not documented: {answer.content[:300]!r}"]
    kind = answer.headers["Content-Type"].partition(";")[0]
    if kind not in found["content"]:
        return [f"{method} {path}: {kind} is not documented"]
    if "json" not in kind:
        return []
    faults = _validator(json.dumps(found["content"][kind]["schema"], sort_keys=True)).iter_errors(
        json.loads(answer.content)
    )
    return [f"{method} {path} {answer.status_code}: {fault}" for fault in faults]


class Described(Client):
    """A test client that lets no undocumented answer pass."""

    def request(self, **environ):
        answer = super().request(**environ)
        if environ["PATH_INFO"].startswith(API) and "Content-Encoding" not in answer.headers:
            assert disagreements(environ["REQUEST_METHOD"], environ["PATH_INFO"], answer) == []
        return answer
