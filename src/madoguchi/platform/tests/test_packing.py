"""Texts are packed as far as whoever asks can unpack them; what is somebody's is longer by chance, or not packed."""

import gzip

import brotli
import pytest

from madoguchi.platform.packing import LEAST, Packed, Stream, encoding_for, packed, padded

TEXT = "お知らせ。申請を受け付けました。".encode() * 40
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
each_encoding = pytest.mark.parametrize("encoding", ["br", "gzip"])


class Streamed:
    """An answer that is made while it is sent."""

    def __init__(self, pieces):
        self.pieces, self.is_closed = pieces, False

    def __iter__(self):
        return iter(self.pieces)

    def close(self):
        self.is_closed = True


def answered(body=TEXT, status="200 OK", method="GET", sent=(), **headers):
    """(headers, body) of an answer that passes the step; `sent` are its own headers."""
    told = {}
    own = [("Content-Type", "text/html; charset=utf-8"), *sent]

    def application(environ, start_response):
        start_response(status, own)
        return body if isinstance(body, Streamed) else [body]

    environ = {"REQUEST_METHOD": method, "HTTP_ACCEPT_ENCODING": "gzip, deflate, br", **headers}
    pieces = Packed(application)(environ, lambda _status, headers, *_rest: told.update(headers))
    whole = b"".join(pieces)
    return told, whole


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("GZIP;q=0.5", "gzip"), ("br;q=0, gzip", "gzip"),
     ("br; q=0.000", ""), ("", ""), ("identity", ""), ("*", ""), ("brr", ""), (";;,", ""), ("br;q=1", "br")],
)  # fmt: skip
def test_the_best_that_can_be_unpacked_is_chosen(accepted, encoding):
    assert encoding_for(accepted) == encoding


@each_encoding
def test_what_is_packed_says_so_and_unpacks_to_the_same(encoding):
    headers, body = answered(HTTP_ACCEPT_ENCODING=encoding)
    assert UNPACK[encoding](body) == TEXT
    assert len(body) < len(TEXT) / 2
    assert (headers["Content-Encoding"], headers["Vary"]) == (encoding, "Accept-Encoding")
    assert headers["Content-Length"] == str(len(body))


@each_encoding
@pytest.mark.parametrize("length", [0, 1, 2, 499, 70_000])
def test_padding_changes_the_length_and_nothing_else(encoding, length):
    plain = (TEXT * 60)[:length]
    every = [padded(plain, encoding) for _time in range(40)]
    assert {UNPACK[encoding](one) for one in every} == {plain}
    assert len({len(one) for one in every}) > 5


def test_what_belongs_to_somebody_is_padded_and_what_is_public_is_not():
    lengths = lambda cached: {len(answered(sent=[("Cache-Control", cached)])[1]) for _time in range(30)}  # noqa: E731
    assert len(lengths("no-store")) > 5
    assert len(lengths("private, max-age=60")) > 5
    assert lengths("public, max-age=60") == {len(packed(TEXT, "br"))}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_learns_no_length_of_what_is_behind_a_cookie(site):
    guessed, body = answered(HTTP_SEC_FETCH_SITE=site, HTTP_COOKIE="desk=x")
    assert "Content-Encoding" not in guessed and body == TEXT
    assert answered(HTTP_SEC_FETCH_SITE=site)[0]["Content-Encoding"] == "br"
    assert answered(HTTP_SEC_FETCH_SITE="same-origin", HTTP_COOKIE="desk=x")[0]["Content-Encoding"] == "br"
    public = [("Cache-Control", "public")]
    assert answered(HTTP_SEC_FETCH_SITE=site, HTTP_COOKIE="desk=x", sent=public)[0]["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    ("given", "sent"),
    [({"body": TEXT[: LEAST - 1]}, ()), ({"HTTP_ACCEPT_ENCODING": ""}, ()), ({"status": "206 Partial Content"}, ()),
     ({}, [("Content-Encoding", "gzip")]), ({}, [("Content-Type", "image/png")])],
)  # fmt: skip
def test_what_cannot_gain_stays_as_it_is(given, sent):
    headers, body = answered(sent=sent, **given)
    assert body == given.get("body", TEXT)
    assert headers.get("Content-Encoding") == dict(sent).get("Content-Encoding")


def test_who_reads_differently_is_told_so_even_where_nothing_was_packed():
    assert answered(HTTP_ACCEPT_ENCODING="")[0]["Vary"] == "Accept-Encoding"
    assert answered(sent=[("Vary", "Cookie")])[0]["Vary"] == "Cookie, Accept-Encoding"
    assert answered(sent=[("Vary", "accept-encoding")])[0]["Vary"] == "accept-encoding"


def test_a_tag_is_weak_on_other_bytes_and_found_again():
    headers, _body = answered(sent=[("ETag", '"abc"')])
    assert headers["ETag"] == 'W/"abc"'
    seen = {}
    Packed(lambda environ, start: seen.update(environ) or start("304 Not Modified", []) or [b""])(
        {"REQUEST_METHOD": "GET", "HTTP_IF_NONE_MATCH": 'W/"abc"'}, lambda *told: None
    )
    assert seen["HTTP_IF_NONE_MATCH"] == '"abc"'


@each_encoding
def test_what_is_made_while_it_is_sent_is_packed_piece_by_piece(encoding):
    body = Streamed([TEXT] * 50)
    headers, sent = answered(body, sent=[("Content-Length", str(len(TEXT) * 50))], HTTP_ACCEPT_ENCODING=encoding)
    assert UNPACK[encoding](sent) == TEXT * 50
    assert (headers["Content-Encoding"], "Content-Length" in headers) == (encoding, False)
    stream = Stream(body, encoding)
    stream.close()
    assert body.is_closed


def test_head_has_no_body_to_pack():
    headers, body = answered(Streamed([]), method="HEAD")
    assert (body, "Content-Encoding" in headers) == (b"", False)
