"""What this layer says itself: a page or a problem in the language of the address, made once by Django, then kept."""

import asyncio
import io
from typing import Final, NamedTuple

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from madoguchi.design import errors
from madoguchi.design.middleware import Furigana, SecurityHeaders
from madoguchi.people.methods import OPEN_TO_ALL, PROGRAMS

from .answers import Answer
from .environ import Environ

END: Final = ("Connection", "close")


class Asked(NamedTuple):
    """All that a refusal depends on."""

    status: int
    language: str
    path: str
    scheme: str
    forwarded: str
    by_script: bool


class Refusals:
    """The refusals of one process."""

    def __init__(self) -> None:
        self.kept: dict[Asked, Answer] = {}

    async def answer(self, environ: Environ, status: int) -> Answer:
        """The refusal of this request. Its thread is none of those that work on requests: they may all be busy."""
        asked = _asked(environ, status)
        if asked not in self.kept:
            self.kept[asked] = await asyncio.to_thread(_made, asked)
        kept = self.kept[asked]
        return Answer(kept.status, [*kept.headers, END], kept.whole)


def _asked(environ: Environ, status: int) -> Asked:
    path: str = environ["PATH_INFO"]
    if path.startswith(PROGRAMS):
        named = translation.get_language_from_request(_request(environ))
        language, path = named, PROGRAMS
    else:
        language = translation.get_language_from_path(path) or "ja"
        path = "/" if language == "ja" else f"/{language}/"
    forwarded = environ.get("HTTP_X_FORWARDED_PROTO", "").split(",", 1)[0].strip()
    script = environ.get("HTTP_SEC_FETCH_DEST") == "empty"
    return Asked(status, language, path, environ["wsgi.url_scheme"], "https" if forwarded == "https" else "", script)


def _request(environ: Environ) -> WSGIRequest:
    return WSGIRequest({"wsgi.input": io.BytesIO(), **environ})


def _made(asked: Asked) -> Answer:
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": asked.path, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "wsgi.url_scheme": asked.scheme, "HTTP_X_FORWARDED_PROTO": asked.forwarded,
        "HTTP_SEC_FETCH_DEST": "empty" if asked.by_script else "",
    }  # fmt: skip

    def view(request: HttpRequest) -> HttpResponseBase:
        return errors.refused(request, asked.status)

    with translation.override(asked.language):
        made = SecurityHeaders(Furigana(view))(_request(environ))
    if asked.path == PROGRAMS:  # scripts of other sites may read it, as all that is answered there
        for name, value in OPEN_TO_ALL.items():
            made.headers[name] = value
    return Answer(made.status_code, list(made.items()), made.content)  # type: ignore[attr-defined]
