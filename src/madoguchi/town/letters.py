"""The envelope of every letter that the town sends by mail: from whom, its number, and that a machine wrote it.

RFC 5322 (headers, Message-ID), RFC 2047 (encoded words), RFC 3834 (automatic messages are not answered by machines).
"""

from email.header import Header
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import get_language

from .offices import mail_address, town

SHORT = 64
"""Characters of an encoded word. RFC 2047 (2) allows 75, and 76 for its line, which begins with the header's name."""


class Letter(EmailMessage):
    """A mail whose encoded words each stand on a line of their own; Django's own are as long as 76 characters."""

    def message(self, **options: Any) -> Any:
        """The mail as it goes out."""
        made = super().message(**options)
        made.replace_header("Subject", encoded(str(self.subject)))
        made.replace_header("From", sender())
        return made


def send(*, to: str, text: str, number: str, office: str = "") -> None:
    """Send a letter in the active language: the first line of `text` is its subject, the rest the letter.

    `number` is the same whenever the same letter is sent again, so that mailboxes take both for one. Answers go to the
    office's own address, where the town's file has one.
    """
    subject, _newline, body = text.partition("\n")
    message = Letter(subject.strip(), body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [to])
    message.extra_headers = {"Message-ID": f"<{number}@{domain()}>", "Auto-Submitted": "auto-generated"}
    if answers := mail_address(office):
        message.reply_to = [answers]
    message.send()


def sender() -> str:
    """The town's name in the active language before its address; a name that the operator set stays."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = name or town().in_language(get_language() or "ja")
    if not name.isascii():
        return f"{encoded(name)}\n <{address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def encoded(text: str) -> str:
    """Text for a header, already folded: plain ASCII as it is, else one encoded word a line."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=SHORT).encode()


def domain() -> str:
    """The host of the public address: a name that nobody else gives numbers under."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
