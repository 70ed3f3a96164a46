"""What nobody expects in a field, and which fields a page reads: found by watching what it asks of the request."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import QueryDict

TEXTS = (
    "",
    " \u200b\u3000",
    "\x00",
    "\ud800",
    "²",
    "٣",
    "-1",
    "1e999",
    "9" * 400,
    "0000-00-00",
    "9999-12-31",
    "令和99年13月32日",
    "%s' OR ''='{{x}}\\",
    "\u202e絵\U000e0101文字\U0001f469\u200d\U0001f680",
    "長" * 20_000,
)
"""Typed: nothing, nothing one sees, no text at all, digits that are no numbers, days that are none, too much."""

VALUES = (
    None,
    True,
    -1,
    10**30,
    0.5,
    "",
    "\x00",
    "9" * 400,
    "令和99年",
    [],
    [None],
    {},
    {"": {"": []}},
    ["長" * 20_000],
)
"""The same in JSON, where every kind of value may stand for every other."""

BODIES = (
    b"",
    b"\xff\xfe",
    b"{",
    b"[]",
    b"null",
    b'"\\ud800"',
    b"[" * 100_000,
    b'{"a":1,"a":2}',
    b'{"a":1e999}',
    b"9" * 5_000,
)
"""No JSON, or no object."""

HEADERS = (
    {"Accept-Language": "\x00;q=x, " + "a-" * 500},
    {"Authorization": "Bearer " + "あ".encode().decode("latin1") * 99},
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "application/json; charset=no-such"},
    {"Cookie": "desk=\x01; django_language=../..; sessionid=" + "x" * 4000},
    {"Idempotency-Key": "\x7f" * 300},
    {"If-None-Match": '"' * 99},
    {"If-Modified-Since": "Sun, 99 Nov 9999 99:99:99 GMT"},
    {"Range": "bytes=-0,99999999999999999999-"},
    {"Accept": "*/*;q=" + "9" * 99},
    {"X-Forwarded-For": "unknown, ::::, 999.1.1.1"},
    {"Referer": "http://[::1"},
    {"Content-Length": "-1"},
)  # fmt: skip
"""What programs send."""


@contextmanager
def fields_read() -> Iterator[set[str]]:
    """The names of form fields and parameters that are asked for meanwhile."""
    found: set[str] = set()
    kept = {name: getattr(QueryDict, name) for name in ("get", "getlist", "__getitem__", "__contains__")}

    def watched(name):
        def read(self, key, *rest, **named):
            if isinstance(key, str):
                found.add(key)
            return kept[name](self, key, *rest, **named)

        return read

    for name in kept:
        setattr(QueryDict, name, watched(name))
    try:
        yield found
    finally:
        for name in kept:
            delattr(QueryDict, name)
