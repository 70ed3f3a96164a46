"""What an application sees of a request, and what a client sees of an answer, is as HTTP and WSGI have it."""

import pytest

from madoguchi.config.serving.tests.conftest import answer_from

GET = b"GET %s HTTP/1.1\r\nHost: hall.example\r\n%s\r\n"


def ask(server, target=b"/", more=b"", method=b"GET", body=b""):
    return server.ask(method + (GET % (target, more))[3:] + body)


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"/a%2Fb/", "/a/b/", ""),
        (b"/a%00b", "/a\0b", ""),
        (b"/%ff%fe", "/\xff\xfe", ""),
        (b"/%E7%AA%93?q=%E7%AA%93+%2F&q=2", "/\xe7\xaa\x93", "q=%E7%AA%93+%2F&q=2"),
        (b"//x//y", "//x//y", ""),
        (b"http://other.example/absolute?x", "/absolute", "x"),
        (b"/?", "/", ""),
        (b"/%", "/%", ""),
    ],
)
def test_paths_and_queries_arrive_as_bytes(server, plain, target, path, query):
    found, control = ask(server, target).told, ask(plain, target).told
    assert (found["PATH_INFO"], found["QUERY_STRING"]) == (path, query)
    assert (control["PATH_INFO"], control["QUERY_STRING"]) == (path, query)


def test_the_environ_is_what_granian_tells(server, plain):
    more = b"X-One: 1\r\nX-One: 2\r\nCookie: a=1\r\nCookie: b=2\r\nAccept: text/html\r\nContent-Type: text/plain\r\n"
    found, control = ask(server, more=more).told, ask(plain, more=more).told
    assert found["HTTP_COOKIE"] == "a=1; b=2"
    differs = {"SERVER_PORT", "HTTP_COOKIE", "wsgi.multiprocess", "GATEWAY_INTERFACE"}
    assert {k: v for k, v in found.items() if k not in differs} == {
        k: v for k, v in control.items() if k not in differs
    }
    assert (found["REMOTE_ADDR"], found["SERVER_PROTOCOL"], found["wsgi.url_scheme"]) == (
        "127.0.0.1", "HTTP/1.1", "http",
    )  # fmt: skip


def test_a_name_with_an_underscore_does_not_pass_for_one_with_a_dash(server):
    told = ask(server, more=b"X_Forwarded_For: 192.0.2.1\r\nX-Real: caf\xe9\r\n").told
    assert "HTTP_X_FORWARDED_FOR" not in told
    assert told["HTTP_X_REAL"] == "caf\xe9"


def test_an_old_version_of_http_is_told_and_its_connection_ends(server):
    with server.connect() as one:
        one.sendall(b"GET / HTTP/1.0\r\nHost: x\r\n\r\n")
        assert answer_from(one).told["SERVER_PROTOCOL"] == "HTTP/1.0"
        assert one.recv(1) == b""


@pytest.mark.parametrize("path", [b"/", b"/nothing", b"/unchanged"])
def test_answers_have_the_headers_that_granian_sends(server, plain, path):
    def headers(one):
        lines = [line for line in ask(one, path).head.lower().split("\r\n") if not line.startswith("date")]
        return [line for line in lines if not line.startswith("content-length")]

    assert headers(server) == headers(plain)
    assert ask(server).header("Set-Cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize("path", [b"/", b"/streams", b"/large", b"/file"])
def test_head_has_no_body_and_the_connection_goes_on(server, path):
    with server.connect() as one:
        one.sendall(b"HEAD %s HTTP/1.1\r\nHost: x\r\n\r\n" % path)
        assert answer_from(one, head_only=True).body == b""
        one.sendall(GET % (b"/next", b""))
        assert answer_from(one).told["PATH_INFO"] == "/next"


def test_a_body_is_read_whole_and_the_connection_goes_on(server):
    with server.connect() as one:
        for body in (b"a=1", b"x" * 100_000, b"x" * 2_000_000, b""):
            one.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            told = answer_from(one).told
            assert (told["length"], told["CONTENT_LENGTH"]) == (len(body), str(len(body)))


def test_requests_that_follow_at_once_are_answered_in_turn(server):
    with server.connect() as one:
        post = b"POST /p%d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=1"
        one.sendall(b"".join(post % number for number in range(5)) + GET % (b"/end", b"Connection: close\r\n"))
        held = b"".join(iter(lambda: one.recv(65536), b""))
    order = [held.index(f'"PATH_INFO": "/p{number}"'.encode()) for number in range(5)]
    assert order == sorted(order) and b'"/end"' in held


def test_a_chunked_body_has_a_length_when_it_is_there(server):
    sent = b"3\r\na=1\r\n4;x=y\r\n&b=2\r\n0\r\nTrailer: x\r\n\r\n"
    told = ask(server, method=b"POST", more=b"Transfer-Encoding: chunked\r\n", body=sent).told
    assert (told["body"], told["CONTENT_LENGTH"]) == ("a=1&b=2", "7")
    assert "HTTP_TRANSFER_ENCODING" not in told


def test_two_lengths_cannot_smuggle_a_request(server):
    """RFC 9112, 6.3: the chunks count, and the other length is not believed; what differs is refused."""
    both = b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"
    sent = b"7\r\na=1&b=2\r\n0\r\n\r\n"
    answer = ask(server, method=b"POST", more=both, body=sent)
    assert answer.status == 400 or answer.told["body"] == "a=1&b=2"
    assert ask(server, method=b"POST", more=b"Content-Length: 3\r\nContent-Length: 4\r\n", body=b"abcd").status == 400
    assert ask(server, method=b"POST", more=b"Content-Length: -3\r\n", body=b"abcd").status == 400


def test_who_expects_100_continue_is_told_to_go_on_or_refused_at_once(server):
    expect = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    with server.connect() as one:
        one.sendall(expect % 3)
        assert one.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.sendall(b"a=1")
        assert answer_from(one).told["body"] == "a=1"
    with server.connect() as one:
        one.sendall(expect % 3_000_000_000)
        assert answer_from(one).status == 413


def test_a_fault_of_the_application_is_a_page_without_a_trace(server):
    answer = ask(server, b"/fails")
    assert answer.status == 500
    assert "処理できませんでした" in answer.body.decode() and b"Traceback" not in answer.body
    assert ask(server).status == 200


@pytest.mark.parametrize("path", [b"/streams", b"/large", b"/file"])
def test_long_answers_arrive_whole(server, path):
    answer = ask(server, path)
    assert answer.whole and len(answer.body) >= 20 << 20


def test_an_answer_that_breaks_off_does_not_pass_for_the_whole(server, plain):
    assert not ask(server, b"/breaks").whole
    assert ask(plain, b"/breaks").whole, "control: granian ends the chunks as if all were there"


def test_who_leaves_early_disturbs_nobody(server):
    for sent in (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", GET % (b"/works", b""), b"GET / HT"):
        with server.connect() as one:
            one.sendall(sent)
    assert ask(server).status == 200
