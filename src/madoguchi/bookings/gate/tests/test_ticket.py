"""The e-ticket's text: who signed it, where and when it holds; and nothing that somebody altered."""

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.bookings.gate import ticket
from madoguchi.bookings.gate.ticket import (
    PREFIX,
    Payload,
    State,
    Unreadable,
    base45,
    check,
    pack,
    sign,
    unbase45,
    unpack,
)
from verify import verify_ticket

NOON = datetime(2026, 7, 1, 3, tzinfo=UTC)  # in the town
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
KEYS = {3: PRIVATE.public_key().public_bytes_raw()}
PAYLOAD = Payload(
    key=3, ticket=UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0001), facility="museum", category="student",
    starts_at=NOON, valid_from=NOON - timedelta(minutes=30), valid_until=NOON + timedelta(hours=2), people=2,
    check=True,
)  # fmt: skip
TEXT = sign(PAYLOAD, PRIVATE)


def state(text=TEXT, *, now=NOON, facility="museum", keys=KEYS):
    return check(text, keys=keys, facility=facility, now=now).state


def test_what_was_signed_is_read_again():
    assert check(TEXT, keys=KEYS, facility="museum", now=NOON) == ticket.Verdict(State.GOOD, PAYLOAD)


def test_the_text_fits_the_alphanumeric_mode_and_a_small_code():
    import segno

    assert re.fullmatch(r"[0-9A-Z $%*+\-./:]+", TEXT)
    assert segno.make_qr(TEXT, error="m").version == 7  # 45 modules; base64url needs 53


@pytest.mark.parametrize("change", range(len(unbase45(TEXT))))
def test_no_byte_can_be_changed(change):
    altered = bytearray(unbase45(TEXT))
    altered[change] ^= 1
    assert state(PREFIX + base45(bytes(altered))) in {State.FORGED, State.UNREADABLE, State.UNKNOWN_KEY}


def test_the_signature_of_another_key_is_forged():
    stranger = Ed25519PrivateKey.from_private_bytes(b"\10" * 32)
    assert state(sign(PAYLOAD, stranger)) == State.FORGED


def test_a_key_number_that_is_not_known_is_neither_admitted_nor_called_forged(monkeypatch):
    text = sign(replace(PAYLOAD, key=9), PRIVATE)
    unknown = ticket.Verdict(State.UNKNOWN_KEY)  # and nothing of what it says is believed
    assert check(text, keys=KEYS, facility="museum", now=NOON) == unknown
    assert check(text, keys={}, facility="museum", now=NOON) == unknown
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "ticket-signature")
    assert check(text, keys=KEYS, facility="museum", now=NOON) == unknown


def test_a_signature_made_for_something_else_does_not_hold():
    packed = pack(PAYLOAD)
    assert state(PREFIX + base45(packed + PRIVATE.sign(packed))) == State.FORGED


def test_with_the_check_switched_off_the_stranger_would_enter(monkeypatch):
    """The control."""
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "ticket-signature")
    assert state(sign(PAYLOAD, Ed25519PrivateKey.from_private_bytes(b"\10" * 32))) == State.GOOD


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOON - timedelta(minutes=31), State.EARLY),
        (NOON - timedelta(minutes=30), State.GOOD),
        (NOON + timedelta(hours=2), State.GOOD),
        (NOON + timedelta(hours=2, seconds=1), State.LATE),
        (NOON - timedelta(hours=13), State.OTHER_DAY),
        (NOON + timedelta(hours=12), State.OTHER_DAY),
    ],
)
def test_when_it_holds(now, expected):
    assert state(now=now) == expected


def test_it_holds_only_at_its_facility():
    assert state(facility="zoo") == State.ELSEWHERE


@pytest.mark.parametrize(
    "text",
    ["", PREFIX, "https://minatono.example/", TEXT[:-1], TEXT[:-3], TEXT + "0", TEXT.lower(), PREFIX + ":::" * 50,
     PREFIX + "0" * 1000, "日本語", TEXT + "\n"],
)  # fmt: skip
def test_what_is_no_ticket_is_unreadable_or_forged(text):
    assert state(text) in {State.UNREADABLE, State.FORGED}


@pytest.mark.parametrize("wrong", [{"people": 256}, {"people": -1}, {"key": 70_000}, {"category": "学生"}])
def test_what_does_not_fit_is_not_signed(wrong):
    with pytest.raises(ValueError):
        sign(replace(PAYLOAD, **wrong), PRIVATE)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_base_45_goes_there_and_back(data):
    assert unbase45(PREFIX + base45(data)) == data


def test_base_45_is_that_of_the_standard():
    assert base45(b"Hello!!") == "%69 VD92EX0"  # RFC 9285, 4.3
    assert base45(b"ietf!") == "QED8WEX0"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_unpacking_anything_gives_a_payload_or_unreadable(data):
    with suppress(Unreadable):
        assert pack(unpack(data)) == data


# ---------------------------------------------------------------- the outsider's program


def test_the_stand_alone_program_agrees(tmp_path, capsys):
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({number: key.hex() for number, key in KEYS.items()}))
    assert verify_ticket.main([TEXT, "--keys", str(keys)]) == 0
    assert "museum" in capsys.readouterr().out
    said = verify_ticket.verify(TEXT, KEYS)
    assert said["ticket"] == str(PAYLOAD.ticket)
    assert (said["category"], said["people"], said["check"]) == ("student", 2, True)
    assert datetime.fromisoformat(said["starts_at"]) == NOON
    assert verify_ticket.main([TEXT, "--keys", str(tmp_path / "none.json")]) == 2


@pytest.mark.parametrize("change", range(0, len(TEXT), 3))
def test_the_stand_alone_program_refuses_what_we_refuse(change):
    altered = TEXT[:change] + ("A" if TEXT[change] != "A" else "B") + TEXT[change + 1 :]
    with pytest.raises(verify_ticket.NotGenuine):
        verify_ticket.verify(altered, KEYS)
    assert state(altered) in {State.FORGED, State.UNREADABLE, State.UNKNOWN_KEY}


def test_the_stand_alone_program_asks_for_newer_keys(tmp_path, capsys):
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({number: key.hex() for number, key in KEYS.items()}))
    assert verify_ticket.main([sign(replace(PAYLOAD, key=9), PRIVATE), "--keys", str(keys)]) == 2
    said = capsys.readouterr()
    assert "/tickets/keys.json" in said.err
    assert "GENUINE" not in said.out
