"""The check answers for any bytes, quickly, and believes only what our key signed."""

import hashlib
import random
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.credentials.checking import LARGEST, State, check
from madoguchi.credentials.tests import samples
from madoguchi.credentials.tests.forgeries import place


def test_a_genuine_document_says_what_it_is_for(genuine, ours):
    verdict = check(genuine, trust_roots=[ours.root])
    assert verdict.state is State.GENUINE
    assert (verdict.subject, verdict.number) == (samples.PERMIT.subject, samples.PERMIT.number)
    assert verdict.code == samples.PERMIT.verify_code
    assert verdict.sha256 == hashlib.sha256(genuine).hexdigest()
    assert verdict.fingerprint == ours.signer.fingerprint
    assert verdict.signer == "みなと野県知事"
    assert abs(datetime.now(UTC) - verdict.signed_at) < timedelta(minutes=10)


def test_a_document_outlives_the_certificate_that_signed_it_and_the_verdict_notes_it(genuine, ours):
    verdict = check(genuine, trust_roots=[ours.root], now=datetime.now(UTC) + timedelta(days=6 * 366))
    assert verdict.genuine
    assert verdict.certificate_expired


def test_an_older_root_beside_the_new_one_is_enough(genuine, ours, impostor):
    assert check(genuine, trust_roots=[impostor.root, ours.root]).genuine
    assert check(genuine, trust_roots=[impostor.root]).state is State.FOREIGN


def test_without_any_root_nothing_is_genuine(genuine):
    assert not check(genuine, trust_roots=[]).genuine


def test_a_root_that_is_none_is_our_own_mistake_and_an_error(genuine):
    with pytest.raises(ValueError, match="PEM"):
        check(genuine, trust_roots=[b"not a certificate"])


def test_not_one_bit_anywhere_may_be_changed(genuine, ours):
    start, end = place(genuine)
    chance = random.Random(20261123)
    spots = [chance.randrange(len(genuine)) for _ in range(150)] + [chance.randrange(start, end) for _ in range(450)]
    for spot in spots:
        changed = bytearray(genuine)
        changed[spot] ^= 1 << chance.randrange(8)
        assert not check(bytes(changed), trust_roots=[ours.root]).genuine, spot


def test_a_file_over_the_limit_is_not_looked_at(ours):
    verdict = check(b"%PDF-" + b"\0" * LARGEST, trust_roots=[ours.root])
    assert (verdict.state, verdict.cause) == (State.NOT_A_PDF, "too-large")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_garbage_is_never_an_error(data):
    assert not check(data, trust_roots=[]).genuine
    assert not check(b"%PDF-1.7\n" + data, trust_roots=[]).genuine


@settings(max_examples=200, deadline=None)
@given(der=st.binary(max_size=120), wild=st.booleans())
def test_a_hostile_container_is_never_an_error(der, wild):
    value = der if wild else b"\x30" + bytes([len(der)]) + der
    assert not check(_around(value), trust_roots=[]).genuine


def _around(value: bytes) -> bytes:
    gap = b"<" + value.hex().upper().encode() + b"0000>"
    head = b"%%PDF-1.7\n/ByteRange [0 %4d %4d %4d]\n"
    length = len(head % (0, 0, 0))
    tail = b"\n%%EOF"
    return head % (length, length + len(gap), len(tail)) + gap + tail


def _deep_der() -> bytes:
    """SEQUENCE in SEQUENCE, 6,000 deep."""
    value = b""
    for _ in range(6_000):
        size = len(value)
        value = (b"\x30\x83" + size.to_bytes(3, "big") if size > 127 else bytes([0x30, size])) + value
    return value


HOSTILE = {
    "a page tree that contains itself": b"%PDF-1.7\n1 0 obj<</Type/Pages/Kids[1 0 R]/Count 99999999>>endobj\n%%EOF",
    "a million byte ranges": b"%PDF-1.7\n" + b"/ByteRange [" * 1_000_000 + b"%%EOF",
    "a byte range of blanks": b"%PDF-1.7\n/ByteRange" + b" " * 10_000_000 + b"[0 1 2 3]%%EOF",
    "huge numbers": b"%PDF-1.7\n/ByteRange [0 999999999 999999999 999999999]%%EOF",
    "endless digits": b"%PDF-1.7\n/ByteRange [0 " + b"9" * 5_000_000 + b" 1 1]%%EOF",
    "a decompression bomb": b"%PDF-1.7\nstream\n" + zlib.compress(b"\0" * 50_000_000) + b"\nendstream\n%%EOF",
    "a container nested thousands deep": _around(_deep_der()),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_soon(name, ours):
    began = time.process_time()
    assert not check(HOSTILE[name], trust_roots=[ours.root]).genuine
    assert time.process_time() - began < 5
