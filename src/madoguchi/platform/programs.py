"""What the operations of the API share: bodies without unknown keys, and what they say of themselves (OpenAPI 3.1)."""

from typing import Any, Final

from ninja import Field, Schema
from pydantic import BaseModel, ConfigDict

BEARER: Final = "access_token"
PROBLEM_REF: Final = "#/components/schemas/Problem"
WHY: Final = {
    400: "The request cannot be read: its Host, its address, its body, or the Idempotency-Key (missing or too long).",
    402: "The fee of the document is not paid.",
    404: "There is no such thing, or none for this token.",
    405: "This address does not take this method; `Allow` says which it takes.",
    409: "The key was used with another body, or things have moved on.",
    410: "The procedure does not take applications now.",
    413: "The file or the body is too large.",
    422: "The body has not the documented form, or some answers need to be corrected; each fault has its pointer.",
    429: "Too much was sent from your address; `Retry-After` and `detail` say when it goes on. Nothing was done.",
    503: "Not now: send the same again a little later.",
}
KEY_PARAMETER: Final[dict[str, Any]] = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "Random and new for each thing to be made; the same key with the same body makes nothing twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 190},
}  # fmt: skip


class Sent(BaseModel):
    """A body; a key that it does not have is refused with its pointer. Ninja's Schema would read it twice."""

    model_config = ConfigDict(extra="forbid")


class Fault(Schema):
    pointer: str | None = Field(None, description="into the body (RFC 6901)")
    parameter: str | None = Field(None, description="of the address, where the fault is there")
    code: str = Field(description="the same in every language")
    detail: str = Field(description="a sentence in the language asked for")


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str = Field(description="a sentence in the language asked for")
    status: int
    detail: str | None = None
    errors: list[Fault] | None = None


def told(*statuses: int, held: bool = False, key: bool = False, needed: bool = True) -> dict[str, Any]:
    """`openapi_extra` of an operation: how it refuses, whether a token opens it, whether it takes or needs a key."""
    described: dict[str, Any] = {
        "responses": {status: refusal(status) for status in {400, 405, *statuses}},
        "security": [{BEARER: []}] if held else [],
    }
    return described | ({"parameters": [{**KEY_PARAMETER, "required": needed}]} if key else {})


def refusal(status: int) -> dict[str, Any]:
    """A problem as one of an operation's answers."""
    return {
        "description": WHY[status],
        "content": {"application/problem+json": {"schema": {"$ref": PROBLEM_REF}}},
    }


def document(kind: str, what: str) -> dict[str, Any]:
    """An answer that is a file."""
    return {"description": what, "content": {kind: {"schema": {"type": "string", "format": "binary"}}}}
