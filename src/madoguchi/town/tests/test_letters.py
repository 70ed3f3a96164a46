"""What leaves by mail is what mailboxes expect: RFC 5322, 2047 and 3834, as a real server receives it."""

import re
import socket
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import override

from madoguchi.town import letters, offices

ENCODED = re.compile(rb"=\?[^?]+\?[bqBQ]\?[^?]*\?=")
LONG = "【補正のお願い】飲食店営業の許可の申請（図面と、food business licenceの写しについて）２０２６年１２月２５日まで"
SUBJECTS = [LONG, "窓" * 90, "a窓" * 40, "𠮷野家" * 20, "e" * 200 + "窓", "Plain words", "1【受付】"]


@pytest.fixture
def received(settings):
    """Sends through a real server; gives back what arrived, as bytes."""
    came = []

    class Keep:
        async def handle_DATA(self, server, session, envelope):
            came.append((envelope.mail_from, envelope.content))
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Keep(), hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield came
    controller.stop()


def sent(received, subject=LONG, **parts):
    letters.send(**{"to": "hanako@example.jp", "text": f"{subject}\n本文です。\n", "number": "7.receipt.1", **parts})
    _sender, raw = received[-1]
    return raw, message_from_bytes(raw, policy=policy.default)


def shown(header):
    """As a mailbox shows it; Python's own parser of addresses puts spaces between encoded words of a name."""
    return str(make_header(decode_header(header)))


def too_long(raw):
    """Encoded words over 75 characters, and lines over 76 that hold one."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].split(b"\n")
    words = [word for line in head for word in ENCODED.findall(line) if len(word) > 75]
    return words + [line for line in head if ENCODED.search(line) and len(line) > 76]


@pytest.mark.parametrize(
    "subject", [LONG, "窓" * 90, "a窓" * 40, "𠮷野家" * 20, "e" * 200 + "窓", "Plain words", "1【受付】"]
)
def test_a_subject_of_any_length_arrives_in_words_that_every_mailbox_takes(received, subject):
    raw, mail = sent(received, subject)
    assert mail["Subject"] == subject
    assert too_long(raw) == []


@pytest.mark.parametrize("length", range(1, 61))
def test_no_length_makes_a_word_or_its_line_too_long(length, settings):
    settings.DEFAULT_FROM_EMAIL = f"{'県' * length} <{'m' * (length % 40 + 1)}@minatono.example>"
    raw = letters.Letter("窓" * length, "本文", settings.DEFAULT_FROM_EMAIL, ["a@example.jp"]).message().as_bytes()
    assert too_long(raw) == []
    mail = message_from_bytes(raw)
    assert shown(mail["Subject"]) == "窓" * length
    assert shown(mail["From"]).partition(" <")[0].strip() == "県" * length


def test_without_our_own_folding_words_are_too_long():
    """The control: what Django writes by itself."""
    assert too_long(EmailMessage("窓" * 60, "本文", "a@example.jp", ["b@example.jp"]).message().as_bytes())


def test_it_says_who_wrote_when_and_that_a_machine_did(received, settings):
    settings.PUBLIC_URL = "https://hall.minatono.example:8443"
    _raw, mail = sent(received)
    assert mail["From"].addresses[0].display_name == offices.town().name
    assert mail["From"].addresses[0].addr_spec == settings.DEFAULT_FROM_EMAIL == received[-1][0]
    assert mail["Message-ID"] == "<7.receipt.1@hall.minatono.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    at = parsedate_to_datetime(str(mail["Date"]))
    assert abs((at - timezone.now()).total_seconds()) < 60
    assert str(mail["Date"]).endswith("+0900")


def test_the_towns_name_is_in_the_letters_language(received):
    with override("en"):
        _raw, mail = sent(received)
    assert mail["From"].addresses[0].display_name == "Minatono Prefecture"


@pytest.mark.parametrize("name", ["Hall, of Minatono", 'The "Hall"', "県の窓口"])
def test_a_name_that_the_operator_chose_stays(received, settings, name):
    quoted = name.replace('"', '\\"')
    settings.DEFAULT_FROM_EMAIL = f'"{quoted}" <hall@minatono.example>'
    _raw, mail = sent(received)
    assert [one.display_name for one in mail["From"].addresses] == [name]
    assert received[-1][0] == "hall@minatono.example"


def test_an_answer_goes_to_the_office_where_it_reads_mail(received):
    with_mail = next(code for code, one in offices.town().offices.items() if one.contact.email)
    without = next(code for code, one in offices.town().offices.items() if not one.contact.email)
    assert sent(received, office=with_mail)[1]["Reply-To"] == offices.town().offices[with_mail].contact.email
    assert sent(received, office=without)[1]["Reply-To"] is None
