"""Files as they arrive: judged by content, never by name; stored at once, so that a fault elsewhere loses nothing."""

import hashlib
import io
import logging
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

from madoguchi.cases.models import Case
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.judgement import Answers
from madoguchi.catalogue.problems import Problem, Refused
from madoguchi.catalogue.questions.file import KIND_NAMES
from madoguchi.foundation.identifiers import new_secret
from madoguchi.platform import quarantine
from madoguchi.platform.file_kinds import CONTENT_TYPES, kind_of, name_of_kind
from madoguchi.platform.sql.rows import instance
from madoguchi.platform.sql.statements import planned_once

from ..models import Upload
from .examination import MAX_PIXELS, fault_of

MOST_FULL_FILES = 5  # of the largest size in one request

FAULTS = {
    quarantine.TooDemanding: "file-too-demanding", quarantine.Unreadable: "file-broken", quarantine.Busy: "file-busy",
}  # fmt: skip

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TooLarge:
    """Stands for a file whose bytes were thrown away while it arrived, because it was over the limit."""

    name: str
    size: int


class LimitedUploads(FileUploadHandler):
    """Keeps files in memory up to the limits; beyond them the bytes are dropped and the other fields still arrive.

    It is the handler of every request (`FILE_UPLOAD_HANDLERS`), since on officers' pages the token is read first.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.limit, self.budget = settings.UPLOAD_MAX_BYTES, MOST_FULL_FILES * settings.UPLOAD_MAX_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.held, self.seen = io.BytesIO(), 0
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Bytes arrive."""
        self.seen += len(raw_data)
        if self.seen <= min(self.limit, self.budget):
            self.held.write(raw_data)

    def file_complete(self, file_size: int) -> Any:
        """The file ends."""
        if self.seen > min(self.limit, self.budget):
            dropped = SimpleUploadedFile(self.file_name or "", b"")
            dropped.dropped = TooLarge(self.file_name or "", self.seen)  # type: ignore[attr-defined]
            return dropped
        self.budget -= self.seen
        return SimpleUploadedFile(self.file_name or "", self.held.getvalue(), self.content_type or "")


def store(
    name: str, file: Any, *, limit: int, identifier: str = "", accept: Collection[str] = tuple(CONTENT_TYPES)
) -> Upload:
    """Keep one file of the accepted kinds; with an `identifier`, once. Raises Refused with a `file-…` code."""
    name = safe_name(name)
    if getattr(file, "dropped", None) or file.size > limit:
        raise Refused("file-too-large", name=name, limit=limit // (1024 * 1024))
    content = file.read()
    if not content:
        raise Refused("file-empty", name=name)
    kind = kind_of(content)
    if kind is None or kind not in accept:
        code = "file-heic" if kind == "heic" and "jpeg" in accept else "file-kind"
        raise Refused(code, name=name, accept="・".join(KIND_NAMES[one] for one in accept))
    _must_open(kind, content, name)
    digest = hashlib.sha256(content).hexdigest()
    told = {"name": name_of_kind(name, kind), "kind": kind, "size": len(content), "sha256": digest, "content": content}
    return Upload.objects.get_or_create(id=identifier or new_secret(), defaults=told)[0]


def _must_open(kind: str, content: bytes, name: str) -> None:
    try:
        fault = quarantine.examine(fault_of, content, kind, returns=str)
    except quarantine.NotExamined as no:
        log.warning("a file (%s, %d bytes) was not examined: %s: %s", kind, len(content), type(no).__name__, no.cause)
        fault = FAULTS[type(no)]
    if fault:
        raise Refused(fault, name=name, limit=MAX_PIXELS // 1_000_000)


def status_of(refused: Refused) -> int:
    """The status of an answer that refuses one file."""
    return {"file-too-large": 413, "file-busy": 503}.get(refused.code, 422)


def safe_name(name: str) -> str:
    """The file's own name without folders, control and direction characters, at most 120 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    stem, dot, ending = plain.rpartition(".")
    return (f"{stem[:110]}{dot}{ending[:9]}" if dot else plain[:120]).strip() or "file"


def upload_problems(compiled: Compiled, answers: Answers, of: Case | None = None) -> list[Problem]:
    """Files that are not there, belong to another case, or are not what the question accepts."""
    asked = list(compiled.files_in(answers))
    ids = [upload for _path, _question, uploads in asked for upload in uploads]
    if not ids:
        return []
    stored = {upload.pk: upload for upload in without_contents(ids)}
    problems = []
    for path, question, uploads in asked:
        for upload in map(stored.get, uploads):
            if upload is None or upload.case_id not in {None, of.pk if of else None}:
                problems.append(Problem(path, "file-missing"))
            elif upload.kind not in question.accept:
                problems.append(Problem(path, "file-kind", {"name": upload.name, "accept": accepted(question.accept)}))
            elif upload.size > question.max_mb * 1024 * 1024:
                problems.append(Problem(path, "file-too-large", {"name": upload.name, "limit": question.max_mb}))
    return problems


def without_contents(ids: Sequence[str]) -> list[Upload]:
    """These files as far as they are there, without their bytes."""
    names = ("id", "case_id", "name", "kind", "size")
    with planned_once() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM applications_upload WHERE id = ANY(%s)", [list(ids)])  # noqa: S608
        return [instance(Upload, dict(zip(names, found, strict=True))) for found in cursor.fetchall()]


def accepted(kinds: Sequence[str]) -> str:
    """The accepted kinds as people name them."""
    return "・".join(KIND_NAMES[kind] for kind in kinds)
