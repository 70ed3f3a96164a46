"""Officers' sign-ins, counted."""

from typing import Any

from allauth.mfa import signals
from django.http import HttpRequest, HttpResponse

from madoguchi.people.accounts import OfficerAccounts

from . import counters


def count_wrong_factor(sender: object, **more: object) -> None:
    """A second factor or a passkey did not fit; allauth tells of it by a signal only."""
    counters.login("failure")


def connect() -> None:
    """Listen; as often as it is called, once."""
    signals.authentication_failed.connect(count_wrong_factor)


class CountedAccounts(OfficerAccounts):
    """How officers sign in, with a count of what ended well and of wrong passwords."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A password was wrong, or nobody has the address."""
        counters.login("failure")
        super().authentication_failed(request, **credentials)

    def post_login(self, request: HttpRequest, user: Any, **given: Any) -> HttpResponse:
        """Every factor was right."""
        counters.login("success")
        answer: HttpResponse = super().post_login(request, user, **given)
        return answer
