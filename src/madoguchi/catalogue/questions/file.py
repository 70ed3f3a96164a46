"""Files: photographs and PDFs. The answer is a list of upload ids; the bytes are stored when they arrive."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from ..problems import Refused
from .base import Answer, FormData, Question, Schema, Words

UPLOAD = re.compile("[a-z2-7]{32}")
MAX_IDS = 100
SENT: Schema = {
    "type": "object",
    "description": "A small file inside the answers (the whole request: 2 MB); larger ones go to POST /uploads.",
    "properties": {"name": {"type": "string"}, "content": {"type": "string", "contentEncoding": "base64"}},
    "required": ["name", "content"],
    "additionalProperties": False,
}
"""What a program may send in the place of an upload id (`applications/files/inline.py`)."""
Accepted = Literal["pdf", "jpeg", "png"]


class File(Question):
    """`accept` which kinds (by content, never by name); `max_files`; `max_mb` each."""

    control: ClassVar[str] = "file"
    empty: ClassVar[Answer] = []
    type: Literal["file"]
    accept: tuple[Accepted, ...] = ("pdf", "jpeg", "png")
    max_files: int = Field(5, ge=1, le=20)
    max_mb: int = Field(10, ge=1, le=20)

    def schema(self) -> Schema:  # type: ignore[override]
        item = {"anyOf": [{"type": "string", "pattern": f"^{UPLOAD.pattern}$"}, SENT]}
        return {"type": "array", "items": item, "minItems": 1, "maxItems": self.max_files, "uniqueItems": True}

    def read(self, form: FormData, name: str) -> Answer | None:
        return [value for value in form.getlist(name) if value] or None

    def clean(self, value: Answer) -> Answer | None:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Refused("wrong-type", expected="list")
        if len(value) > MAX_IDS:
            raise Refused("too-many", limit=self.max_files)
        if not all(UPLOAD.fullmatch(one) for one in value):
            raise Refused("file-missing")
        return value or None

    def fields(self, value: Answer) -> Mapping[str, Any]:
        return {"": value if isinstance(value, list) else []}

    def show(self, value: Answer, words: Words) -> str:
        return f"{len(value)} file(s)" if words.language == "en" else f"{len(value)}件"
