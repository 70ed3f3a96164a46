"""No line of a log holds what opens an order, a charge or a case: secrets in addresses are written as …

Which parts of an address are secrets follows from the names of its parameters in the URL table; what is no address of
ours (mistyped, cut off) is masked by its look.
"""

import logging
import re
import sys
from typing import Any, Final, TextIO
from urllib.parse import unquote

HIDDEN: Final = "…"
_ADDRESS: Final = re.compile(r"(?<![\w/])(?:https?://[^\s/\"']+)?(/[^\s\"'<>?#]+)")
_LOOKS_SECRET: Final = re.compile(r"(?<=/)(?=[^/\s]*\d)[A-Za-z0-9_:]{16,}(?=/|$|[\s\"'?])")
"""A part of an address, with a digit and without a hyphen: no code of a procedure or facility looks so."""


def masked(text: str) -> str:
    """A line as it may be written."""
    return _LOOKS_SECRET.sub(HIDDEN, _ADDRESS.sub(_without_secrets, text))


def _without_secrets(found: "re.Match[str]") -> str:
    whole = found[0]
    for secret in _secrets_in(unquote(found[1])):
        whole = re.sub(rf"(?<![A-Za-z0-9]){re.escape(secret)}(?![A-Za-z0-9])", HIDDEN, whole)
    return whole


def _secrets_in(path: str) -> list[str]:
    from django.conf import settings
    from django.urls import Resolver404, resolve
    from django.utils.translation import override

    from madoguchi.people.methods import secrets_of

    first = path.split("/", 2)[1]
    language = first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    for tried in (path, f"{path}/"):
        try:
            with override(language):
                return secrets_of(resolve(tried))
        except (Resolver404, ValueError):
            continue
    return []


class Formatter(logging.Formatter):
    """Python's; the whole line is masked, a stack trace too."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return masked(super().format(record))


class Console(logging.StreamHandler[TextIO]):
    """The process's error stream as it is when a line is written.

    The stream of the moment when logging was set up may be closed by then: each later line would then cost a traceback.
    """

    @property
    def stream(self) -> TextIO:
        """Where the line goes."""
        return sys.stderr

    @stream.setter
    def stream(self, stream: TextIO) -> None:
        """`StreamHandler` sets the one of the start, which is not kept."""


class AccessLog(logging.Filter):
    """For granian's access log, where somebody switches it on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line is written, with its address masked and without what stands after the ?."""
        if isinstance(record.args, dict):
            told: dict[str, Any] = dict(record.args)
            record.args = {**told, "path": masked(str(told.get("path", ""))), "query_string": ""}
        return True


def mask_access_log() -> None:
    """To be called by the WSGI entry, after granian has set its loggers."""
    logging.getLogger("granian.access").addFilter(AccessLog())
