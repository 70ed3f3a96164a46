"""Files: photographs and PDFs. The answer is a list of upload ids; the bytes are stored when they arrive."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from madoguchi.foundation.messages import marked

from ...problems import Refused
from ..base import Answer, FormData, Question, Schema, Words
from ..drawing import Control, FormField, Pen
from ..telling import Landmarks, counts

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
KIND_NAMES = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG"}


class File(Question):
    """`accept` which kinds (by content, never by name); `max_files`; `max_mb` each."""

    control: ClassVar[Control] = Control("questions/file/control.html")
    empty: ClassVar[Answer] = []
    sentences: ClassVar[Mapping[str, str]] = {
        "file-missing": marked("この添付ファイルは見つかりません。もう一度付けてください。")
    }
    type: Literal["file"]
    accept: tuple[Accepted, ...] = ("pdf", "jpeg", "png")
    max_files: int = Field(5, ge=1, le=20)
    max_mb: int = Field(10, ge=1, le=20)

    @property
    def uploads(self) -> "File":
        return self

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
        given = value if isinstance(value, list) else []
        return {"": [one for one in given if isinstance(one, str) and UPLOAD.fullmatch(one)]}

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.files = pen.uploads(field.value) if field.value else ()
        field.attrs = {
            "accept": ",".join(f".{kind}" for kind in self.accept).replace(".jpeg", ".jpg,.jpeg"),
            "takes": " ".join(self.accept),
            "kinds": "・".join(KIND_NAMES[kind] for kind in self.accept),
            "max_files": str(self.max_files),
            "max_mb": str(self.max_mb),
        }

    def show(self, value: Answer, words: Words) -> str:
        return f"{len(value)} file(s)" if words.language == "en" else f"{len(value)}件"

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        names = [letter * 32 for letter in "abcdefghijklmnopqrstuvwxyz"]
        return [names[:count] for count in counts(marks, 1, self.max_files)]
