"""Who only opens connections keeps nobody out: idle ones end, of the greedy first, and all when places run out."""

import select
import time

from madoguchi.config.serving.tests.conftest import WAIT, answer_from

GET = b"GET %s HTTP/1.1\r\nHost: hall.example\r\n\r\n"
OF_A_SENDER, IN_ALL, CROWDED = 12, 40, 30


def ended(held, count):
    """Those that the server ends, until it is so many; then looks again whether it stops there."""
    found, until = [], time.monotonic() + WAIT
    while len(found) < count and time.monotonic() < until:
        found += _closed([one for one in held if one not in found], 0.2)
    return found + _closed([one for one in held if one not in found], 1.5)


def _closed(held, seconds):
    ready, _writable, _broken = select.select(held, [], [], seconds)
    return [one for one in ready if one.recv(1) == b""]


def test_one_sender_has_so_many_connections_and_those_that_idle_longest_end(patient):
    used = patient.connect("127.0.0.14")
    held = [patient.connect("127.0.0.14") for _n in range(19)]
    used.sendall(GET % b"/")
    assert answer_from(used).status == 200
    gone = ended([used, *held], 20 - OF_A_SENDER)
    assert len(gone) == 20 - OF_A_SENDER and used not in gone
    used.sendall(GET % b"/")
    assert answer_from(used).status == 200
    for one in [used, *held]:
        one.close()


def test_a_request_that_is_answered_is_never_ended(patient):
    busy = [patient.connect("127.0.0.16") for _n in range(20)]
    for one in busy:
        one.sendall(GET % b"/works")
    assert [answer_from(one).status for one in busy] == [200] * 20
    for one in busy:
        one.close()


def test_when_places_run_out_the_longest_idle_end_and_who_comes_is_served(patient):
    held = [patient.connect(f"127.0.3.{number + 1}") for number in range(IN_ALL)]
    with patient.connect("127.0.0.17") as one:
        one.sendall(GET % b"/")
        assert answer_from(one).status == 200
    assert len(ended(held, IN_ALL - CROWDED)) >= IN_ALL - CROWDED
    for one in held:
        one.close()


def test_without_the_watch_nobody_comes_in(plain):
    """The control: granian alone, with as many places."""
    held = [plain.connect(f"127.0.3.{number + 1}") for number in range(IN_ALL)]
    with plain.connect("127.0.0.17") as one:
        one.settimeout(3)
        one.sendall(GET % b"/")
        try:
            came = one.recv(1)
        except TimeoutError:
            came = None
    for one in held:
        one.close()
    assert came is None


def test_behind_a_proxy_its_connections_are_not_one_senders(proxied):
    held = [proxied.connect("127.0.0.18") for _n in range(20)]
    assert ended(held, 0) == []
    for one in held:
        one.close()


def test_behind_a_proxy_the_last_hop_is_the_sender(proxied):
    """Six slow bodies: three of one sender pass, and three of another."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.1, %s\r\nContent-Length: 9\r\n\r\na="
    held = [proxied.connect() for _n in range(6)]
    for number, one in enumerate(held):
        one.sendall(head % (b"2001:db8::%d" % number if number < 4 else b"192.0.2.1"))
    assert sorted(answer_from(one).status for one in held) == [408] * 5 + [429]
    for one in held:
        one.close()
