"""The fields of a form that a browser sends as `multipart/form-data` (RFC 7578), where no file is among them.

Only what browsers write is read: one line of headers for each field, and empty file fields, which say nothing. Of
anything else Django's parser says what it is.
"""

import re
from typing import Final

from django.utils.datastructures import MultiValueDict

MOST: Final = 1000
_BOUNDARY: Final = re.compile(r"multipart/form-data; ?boundary=([0-9A-Za-z'()+_,./:=?-]{1,70})")
_FIELD: Final = re.compile(rb'\r\nContent-Disposition: form-data; name="([^"\\%\r\n]+)"')
_NO_FILE: Final = re.compile(
    rb'\r\nContent-Disposition: form-data; name="[^"\\%\r\n]+"; filename=""\r\nContent-Type: application/octet-stream'
)


def fields_of(body: bytes, content_type: str) -> MultiValueDict[str, str] | None:
    """The fields in their order; None for anything but a plain form."""
    found = _BOUNDARY.fullmatch(content_type)
    if found is None:
        return None
    first, *parts = (b"\r\n" + body).split(b"\r\n--" + found[1].encode())
    if first or not parts or len(parts) > MOST or parts.pop() not in {b"--", b"--\r\n"}:
        return None
    fields: MultiValueDict[str, str] = MultiValueDict()
    for part in parts:
        if not _take(part, fields):
            return None
    return fields


def _take(part: bytes, fields: MultiValueDict[str, str]) -> bool:
    head, blank, value = part.partition(b"\r\n\r\n")
    field = _FIELD.fullmatch(head)
    if field is None:
        return bool(blank) and not value and _NO_FILE.fullmatch(head) is not None
    try:
        fields.appendlist(field[1].decode(), value.decode())
    except UnicodeDecodeError:
        return False
    return bool(blank)
