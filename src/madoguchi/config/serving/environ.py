"""A request as WSGI tells it (PEP 3333), from what ASGI tells."""

import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Scope = Mapping[str, Any]
PROTOCOLS: Final = {"1": "HTTP/1.0", "1.1": "HTTP/1.1", "2": "HTTP/2"}
SAME: Final[Environ] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}


@lru_cache(maxsize=512)
def _name(header: bytes) -> str:
    """A header's name in the environ; none for a name with `_`, which would pass for one with `-`."""
    if b"_" in header:
        return ""
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"


def environ_of(scope: Scope) -> Environ:
    """The environ without its body. Bytes become text as PEP 3333 has it (latin-1), the path unquoted."""
    environ = SAME.copy()
    environ["REQUEST_METHOD"] = scope["method"]
    environ["PATH_INFO"] = unquote_to_bytes(scope["raw_path"]).decode("latin-1")
    environ["QUERY_STRING"] = scope["query_string"].decode("latin-1")
    environ["SERVER_PROTOCOL"] = PROTOCOLS.get(scope["http_version"], "HTTP/1.1")
    environ["SERVER_NAME"], environ["SERVER_PORT"] = scope["server"]
    environ["REMOTE_ADDR"] = scope["client"][0]
    environ["wsgi.url_scheme"] = scope["scheme"]
    for header, value in scope["headers"]:
        if name := _name(header):
            text = value.decode("latin-1")
            between = "; " if name == "HTTP_COOKIE" else ","
            environ[name] = f"{environ[name]}{between}{text}" if name in environ else text
    return environ
