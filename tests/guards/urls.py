"""Every URL of the installation, read from Django's resolver, and how to call each of them."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import get_resolver, reverse
from django.utils.translation import override

LANGUAGES = ("ja", "en", "ja-easy")
REFUSED = frozenset(
    {
        "account_signup", "account_inactive", "account_email", "account_email_verification_sent",
        "account_confirm_email", "account_set_password", "account_reset_password", "account_reset_password_done",
        "account_confirm_login_code", "account_reset_password_from_key", "account_reset_password_from_key_done",
    }
)  # fmt: skip
"""What django-allauth brings and this town does not use: officers are made by an administrator. Not in the table."""


FOR_PROGRAMS = ("api:", "opendata-api:", "machines:", "monitoring:")
"""Addresses without a language and without pages begin with these."""


class Address(NamedTuple):
    """One named URL and its parameters."""

    name: str
    parameters: tuple[str, ...]

    def path(self, language: str = "ja", **values: object) -> str:
        """The path in a language."""
        with override(language):
            return reverse(self.name, kwargs={key: values[key] for key in self.parameters})


def addresses() -> list[Address]:
    """All of them, in the resolver's order."""
    return list(dict.fromkeys(_walk(get_resolver().url_patterns, "", ())))


def _walk(patterns: list, space: str, above: tuple[str, ...]) -> Iterator[Address]:
    for entry in patterns:
        parameters = (*above, *entry.pattern.regex.groupindex)
        if hasattr(entry, "url_patterns"):
            yield from _walk(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space, parameters)
        else:
            yield Address(space + (entry.name or f"nameless {entry.pattern}"), parameters)
