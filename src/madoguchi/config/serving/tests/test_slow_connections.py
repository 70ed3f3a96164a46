"""Bodies and readers that are slow hold no thread, end in time, and leave places for others."""

import select
import time

import pytest

from madoguchi.config.serving.tests.conftest import WAIT, answer_from, closed_within

GET = b"GET %s HTTP/1.1\r\nHost: hall.example\r\n\r\n"
HEAD = b"POST %s HTTP/1.1\r\nHost: hall.example\r\nContent-Length: %d\r\n%s\r\n"
THREADS = 4


def half(server, source="127.0.0.1", path=b"/", most=100):
    """A body that began and does not go on."""
    one = server.connect(source)
    one.sendall(HEAD % (path, most, b"") + b"a=")
    return one


def test_bodies_that_do_not_end_keep_nobody_out(server, plain):
    held = [half(server, f"127.0.0.{2 + n % 3}") for n in range(2 * THREADS)]
    began = time.monotonic()
    assert server.ask(GET % b"/").status == 200
    assert time.monotonic() - began < 1
    for one in held:
        one.close()
    held = [half(plain) for _n in range(2 * THREADS)]
    assert is_stopped(plain), "the control: each thread waits for a body"
    for one in held:
        one.close()


def is_stopped(server):
    """Whether somebody who asks waits for long, once the bodies have arrived."""
    for _time in range(10):
        with server.connect() as one:
            one.settimeout(2)
            one.sendall(GET % b"/")
            try:
                one.recv(1)
            except TimeoutError:
                return True
    return False


@pytest.mark.parametrize(("path", "words", "kind"), [
    (b"/", "送信が時間内に終わりませんでした。", "text/html"),
    (b"/en/procedures/", "What you sent did not arrive in time.", "text/html"),
    (b"/ja-easy/", "もう", "text/html"),
    (b"/api/v1/applications", "送信が時間内に終わりませんでした。", "application/problem+json"),
])  # fmt: skip
def test_a_body_that_stops_is_told_so_in_the_language_of_the_address(server, path, words, kind):
    with half(server, path=path) as one:
        answer = answer_from(one)
        assert one.recv(1) == b""
    assert answer.status == 408
    assert words in answer.body.decode() or words in answer.body.decode("unicode-escape")
    assert answer.header("Content-Type")[0].startswith(kind)
    assert answer.header("X-Content-Type-Options") == ["nosniff"] and answer.header("Content-Security-Policy")
    assert answer.header("Cache-Control") == ["no-store"]
    assert answer.header("Access-Control-Allow-Origin") == (["*"] if path.startswith(b"/api/") else [])


def test_a_body_that_trickles_ends_all_the_same(server):
    with half(server) as one:
        one.settimeout(0.1)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                one.sendall(b"x")
                if one.recv(65536):
                    return
            except TimeoutError:
                continue
            except OSError:
                return
    raise AssertionError("it went on trickling")


def test_a_body_that_keeps_its_rate_may_take_its_time(server):
    """Ten times what is allowed without it."""
    began, piece = time.monotonic(), b"x" * 2000
    with server.connect() as one:
        one.sendall(HEAD % (b"/", 20 * len(piece), b""))
        for _time in range(19):
            one.sendall(piece)
            assert select.select([one], [], [], 0.1) == ([], [], []), "no answer before all is there"
        one.sendall(piece)
        assert answer_from(one).told["length"] == 20 * len(piece)
    assert time.monotonic() - began > 1.5


def test_one_sender_has_so_many_slow_bodies_and_quick_ones_pass(server):
    held = [half(server, "127.0.0.7", path=b"/en/") for _n in range(6)]
    answers = [answer_from(one) for one in held]
    assert sorted(one.status for one in answers) == [408] * 3 + [429] * 3
    refused = next(one for one in answers if one.status == 429)
    assert int(refused.header("Retry-After")[0]) > 0 and "Many unfinished" in refused.body.decode()
    held = [half(server, "127.0.0.7") for _n in range(6)]
    assert server.ask(HEAD % (b"/", 3, b"") + b"a=1", "127.0.0.7").told["body"] == "a=1"
    for one in held:
        one.close()


def test_all_together_have_so_many_slow_bodies(server):
    held = [half(server, f"127.0.1.{n}") for n in range(1, 10)]
    answers = [answer_from(one) for one in held]
    assert sorted(one.status for one in answers) == [408] * 6 + [503] * 3
    assert next(one for one in answers if one.status == 503).header("Retry-After")


@pytest.mark.parametrize("length", [b"Content-Length: 9999999", b"Transfer-Encoding: chunked"])
def test_a_body_that_is_too_large_is_told_so_though_it_is_not_read(server, length):
    with server.connect() as one:
        one.sendall(b"POST /en/ HTTP/1.1\r\nHost: x\r\n" + length + b"\r\n\r\n")
        piece = b"%x\r\n" % 100_000 + b"x" * 100_000 + b"\r\n"
        for _time in range(40):
            one.sendall(piece)
        answer = answer_from(one)
    assert (answer.status, "too large" in answer.body.decode()) == (413, True)


def test_files_may_be_larger_than_other_bodies(server, tmp_path):
    kind = b"Content-Type: multipart/form-data; boundary=x\r\n"
    with server.connect() as one:
        one.sendall(HEAD % (b"/", 30 << 20, kind))
        for _time in range(30):
            one.sendall(bytes(1 << 20))
        assert answer_from(one).told["length"] == 30 << 20
    assert server.ask(HEAD % (b"/", 1 << 30, kind)).status == 413


def test_what_one_sender_makes_us_keep_has_a_limit(server):
    """Two bodies of 30 MB at once are more than the 40 MB of one sender."""
    kind = b"Content-Type: multipart/form-data; boundary=x\r\n"
    with server.connect("127.0.0.9") as first, server.connect("127.0.0.9") as second:
        both = [first, second]
        for one in both:
            one.sendall(HEAD % (b"/", 30 << 20, kind))
        for _time in range(21):
            for one in both:
                one.sendall(bytes(1 << 20))
        [refused], _writable, _broken = select.select(both, [], [], WAIT)
        assert answer_from(refused).status == 429
        both.remove(refused)
        for _time in range(9):
            both[0].sendall(bytes(1 << 20))
        assert answer_from(both[0]).status == 200


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"PRI * HT"])
def test_half_a_head_and_silence_end(server, sent):
    with server.connect("127.0.0.11") as one:
        one.sendall(sent)
        assert closed_within(one, 5)


def test_idle_connections_end(server):
    with server.connect("127.0.0.12") as one:
        one.sendall(GET % b"/")
        assert answer_from(one).status == 200
        assert closed_within(one, 5)


@pytest.mark.parametrize("path", [b"/streams", b"/large", b"/file"])
def test_readers_that_take_nothing_hold_no_thread_and_end(server, path):
    before = server.open_files()
    held = [server.connect(f"127.0.2.{n % 3 + 1}", receives=4096) for n in range(2 * THREADS)]
    for one in held:
        one.sendall(GET % path)
    began = time.monotonic()
    assert server.ask(GET % b"/").status == 200
    assert time.monotonic() - began < 1.5
    assert ends(server, before)
    for one in held:
        assert not is_whole(one)
        one.close()


def ends(server, before):
    """Whether the server closes all the connections that came since."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if server.open_files() <= before:
            return True
        select.select([], [], [], 0.1)
    return False


def is_whole(one):
    """Whether the whole answer can be read, late."""
    try:
        return answer_from(one).whole
    except OSError:
        return False


def test_a_slow_thread_is_no_slow_body(server):
    held = [server.connect("127.0.0.13") for _n in range(THREADS)]
    for one in held:
        one.sendall(HEAD % (b"/works", 3, b"") + b"a=1")
    assert [answer_from(one).told["body"] for one in held] == ["a=1"] * THREADS
