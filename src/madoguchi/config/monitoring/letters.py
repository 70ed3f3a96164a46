"""Django's ways to send e-mail, counted."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends import filebased, smtp

from . import counters


class _Counted:
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """As Django's. Raises what Django's raises."""
        try:
            sent: int = super().send_messages(messages) or 0  # type: ignore[misc]
        except Exception:
            counters.letters("failed", len(messages))
            raise
        counters.letters("sent", sent)
        return sent


class Smtp(_Counted, smtp.EmailBackend):
    """To the mail server."""


class Files(_Counted, filebased.EmailBackend):
    """Into the folder of the home, where no mail server is named."""
