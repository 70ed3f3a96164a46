"""The brake on guessing at an officer's account: who guesses waits, and the officer at a known device does not.

Counted are failures only: what turns out right is given back. A stranger is counted by sender at this account, by
sender at all accounts, and, together with all other strangers, at this account; the later counts are touched only by
who passed the earlier, so that one sender alone cannot fill the last. A device on which the account was signed in to
before, with the second factor, has a count of its own. A passkey is no secret that can be guessed and is not counted.
Whether there is such an account changes nothing of it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from madoguchi.foundation.folding import unify
from madoguchi.platform.brake.counting import Asked, Braked, count, give_back
from madoguchi.platform.brake.limits import DAY, HOUR, MINUTE, Limit
from madoguchi.platform.brake.sender import hashed, sender_of

from . import known
from .words import when

HERE: Final = Limit("guess-here", 8, HOUR, fixed=True)
SPRAYED: Final = Limit("guess-sprayed", 200, HOUR, fixed=True)
"""One sender at any accounts: a whole hall behind one address mistypes less."""
ANYWHERE: Final = Limit("guess-anywhere", 60, HOUR, fixed=True)
"""All strangers together at one account: with twelve characters nothing is guessed at this pace."""
AT_HOME: Final = Limit("guess-at-home", 10, 15 * MINUTE, fixed=True)
FACTOR: Final = Limit("guess-factor", 20, DAY, fixed=True)
"""Six digits, by strangers who have the password: 7,300 guesses a year, so that seven in a thousand of them hit."""


def account_of(login: str) -> UUID:
    """The account that a typed address means, whether it exists or not."""
    return hashed("account", unify(login).strip().lower())


def _rounds(request: HttpRequest, account: UUID, strangers: Limit) -> list[list[Asked]]:
    """What is counted, one round after the other."""
    if request.user.is_authenticated:
        return [[Asked(AT_HOME, f"{strangers.code} session {request.user.pk}")]]
    if device := known.device(request, account):
        return [[Asked(AT_HOME, f"{strangers.code} {account} {device}")]]
    address = sender_of(request.META)
    return [[Asked(HERE, f"{strangers.code} {account} {address}"), Asked(SPRAYED, address)],
            [Asked(strangers, str(account))]]  # fmt: skip


def _passed(request: HttpRequest, rounds: Sequence[Sequence[Asked]]) -> list[Asked]:
    """All that was counted. Raises ValidationError, and marks the request for its answer to be 429."""
    for asked in rounds:
        if braked := count(asked):
            request.braked = braked  # type: ignore[attr-defined]
            raise ValidationError(_sentence(braked))
    return [one for asked in rounds for one in asked]


def _sentence(braked: Braked) -> str:
    told = _("続けて合わなかったので、いったん止めています。%(when)sからまた試せます。パスキーなら、いま使えます。")
    return told % {"when": when(braked.until)}


class BrakedSignIn(DefaultAccountAdapter):  # type: ignore[misc]
    """Passwords, at the sign-in and where they are asked once more."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count before the password is looked at. Raises ValidationError."""
        account = account_of(credentials.get("email", ""))
        self._counted = _passed(request, _rounds(request, account, ANYWHERE))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The officer whose password it is, else None. What was right is not counted."""
        officer = super().authenticate(request, **credentials)
        if officer is not None:
            give_back(self._counted)
        return officer

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        """Every factor was right: this device is known from now on."""
        response: HttpResponse = super().post_login(request, user, **how)
        if is_mfa_enabled(user):
            known.remember(request, response, account_of(user.email))
        return response


@contextmanager
def _guessing_the_factor(officer: Any) -> Iterator[None]:
    request = context.request
    counted = _passed(request, _rounds(request, account_of(officer.email), FACTOR))
    yield
    give_back(counted)


class Factor(AuthenticateForm):  # type: ignore[misc]
    """The second factor's code at the sign-in."""

    def clean_code(self) -> str:
        """Raises ValidationError for a wrong code, and where too many were wrong."""
        with _guessing_the_factor(self.user):
            return str(super().clean_code())


class FactorAgain(ReauthenticateForm):  # type: ignore[misc]
    """The same where it is asked once more."""

    def clean_code(self) -> str:
        """Raises ValidationError for a wrong code, and where too many were wrong."""
        with _guessing_the_factor(self.user):
            return str(super().clean_code())
