"""Files that a program sends inside its answers: `{"name": …, "content": base64}` in the place of an upload id.

Each becomes an upload whose id follows from the request's key, its place and its bytes, so that a retry of the same
request names the same uploads and is answered with the same case.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.problems import Path, Problem, Refused

from .uploads import store

MOST_FILES = 100


def taken_in(compiled: Compiled, answers: Mapping[str, Any], key: str) -> tuple[dict[str, Any], list[Problem]]:
    """The answers with upload ids in the place of files sent inside them, and what is wrong with those files.

    The JSON is not judged yet: whatever is no file in the place of one stays as it is.
    """
    taken, problems = dict(answers), list[Problem]()
    for path, values in list(_lists(compiled, answers))[:MOST_FILES]:
        kept: list[Any] = []
        for number, value in enumerate(values[:MOST_FILES]):
            try:
                kept.append(_stored(value, f"{key}/{path}/{number}") if isinstance(value, dict) else value)
            except Refused as refused:
                problems.append(refused.at((*path, number)))
        _put(taken, path, [*kept, *values[MOST_FILES:]])
    return taken, problems


def _lists(compiled: Compiled, answers: Mapping[str, Any]) -> Iterator[tuple[Path, list[Any]]]:
    for question in compiled.questions:
        value = answers.get(question.id)
        if not isinstance(value, list):
            continue
        if question.uploads:
            yield (question.id,), value
        elif question.rows:
            inner = [one.id for one in question.rows.questions if one.uploads]
            rows = ((index, row) for index, row in enumerate(value) if isinstance(row, dict))
            yield from (((question.id, n, one), row[one]) for n, row in rows for one in inner if _is_list(row, one))


def _is_list(row: Mapping[str, Any], name: str) -> bool:
    return isinstance(row.get(name), list)


def _put(answers: dict[str, Any], path: Path, values: list[Any]) -> None:
    if len(path) == 1:
        answers[str(path[0])] = values
        return
    group, index, name = str(path[0]), int(path[1]), str(path[2])
    rows = list(answers[group])
    rows[index] = {**rows[index], name: values}
    answers[group] = rows


def _stored(sent: Mapping[str, Any], place: str) -> str:
    name, text = sent.get("name", "file"), sent.get("content")
    if not isinstance(name, str) or not isinstance(text, str):
        raise Refused("wrong-type", expected="file")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Refused("file-broken", name=name[:80]) from fault
    told = f"upload:{place}:{hashlib.sha256(content).hexdigest()}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).digest()[:20]
    identifier = base64.b32encode(digest).decode().lower()
    file = SimpleUploadedFile(name[:200] or "file", content)
    return store(name[:200], file, limit=settings.UPLOAD_MAX_BYTES, identifier=identifier).pk
