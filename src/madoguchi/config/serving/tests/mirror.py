"""An application that tells how it was asked, behind the reading of bodies with short limits; served in tests."""

import io
import json
import os
import time

import django
from django.http import StreamingHttpResponse

django.setup()

from madoguchi.config.serving.application import Serving  # noqa: E402
from madoguchi.config.serving.limits import Limits, Most  # noqa: E402

MB = 1 << 20
SHORT = Limits(
    connections=Most(12, 40), at_once=0.5, body=1.5, unsent=2.0, longest=20.0, slow_bodies=Most(3, 6),
    slow_readers=Most(3, 6), kept=Most(40 * MB, 60 * MB),
)  # fmt: skip
TOLD = (str, bytes, int, bool)


def mirror(environ, start_response):
    """Answers with what the path asks for."""
    do = DO.get(environ["PATH_INFO"], tell)
    return do(environ, start_response)


def tell(environ, start_response):
    """The request, as JSON."""
    body = environ["wsgi.input"].read()
    told = {name: value for name, value in environ.items() if isinstance(value, TOLD) and name not in os.environ}
    told |= {"body": body.decode("latin-1") if len(body) < 1000 else "", "length": len(body)}
    sent = json.dumps(told).encode()
    headers = [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    start_response("200 OK", [*headers, ("Content-Length", str(len(sent)))])
    return [sent]


def nothing(environ, start_response):
    """204."""
    start_response("204 No Content", [("ETag", '"x"')])
    return [b""]


def unchanged(environ, start_response):
    """304."""
    start_response("304 Not Modified", [("ETag", '"x"')])
    return [b""]


def fails(environ, start_response):
    """An application with a fault."""
    raise RuntimeError("a fault of the application")


def streams(environ, start_response):
    """20 MB, made while they are sent, as Django streams."""
    return _django(start_response, (bytes([65 + n % 26]) * MB for n in range(20)))


def breaks(environ, start_response):
    """An answer that breaks off while it is made."""

    def pieces():
        for _time in range(3):
            yield bytes(MB)
        raise RuntimeError("a fault in the middle")

    return _django(start_response, pieces())


def _django(start_response, pieces):
    response = StreamingHttpResponse(pieces)
    start_response("200 OK", list(response.items()))
    return response


def large(environ, start_response):
    """20 MB, there at once."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"x" * (20 * MB)]


def file(environ, start_response):
    """20 MB in a file."""
    start_response("200 OK", [("Content-Length", str(20 * MB))])
    return environ["wsgi.file_wrapper"](io.BytesIO(b"x" * (20 * MB)), 8192)


def works(environ, start_response):
    """Half a second in its thread."""
    time.sleep(0.5)
    return tell(environ, start_response)


DO = {f"/{one.__name__}": one for one in (nothing, unchanged, fails, streams, breaks, large, file, works)}
application = Serving(mirror, SHORT)
