"""How officers sign in: django-allauth, without sign-up from outside; each step is noted in the log of sign-ins."""

from typing import Any, cast

from allauth.account.forms import ChangePasswordForm
from allauth.mfa import signals
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from . import sign_ins
from .brake.sign_in import BrakedSignIn
from .devices import device_of
from .models import Officer
from .store import DEVICE, SessionStore

Kind = sign_ins.Kind


class OfficerAccounts(BrakedSignIn):
    """Officers are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_login(self, request: HttpRequest, user: Officer, **how: Any) -> HttpResponse | None:
        """A first password that was not used in time opens nothing."""
        until = user.first_password_until
        if until is None or timezone.now() < until:
            response: HttpResponse | None = super().pre_login(request, user, **how)
            return response
        messages.error(request, _("はじめのパスワードの期限が過ぎました。管理者に、もう一度発行を頼んでください。"))
        return redirect("account_login")

    def login(self, request: HttpRequest, user: Officer) -> None:
        """Begin the session of a working day."""
        cast(SessionStore, request.session).started = None  # the form may have been open for a while
        request.session[DEVICE] = device_of(request)
        super().login(request, user)
        sign_ins.signed_in(request, user)

    def logout(self, request: HttpRequest) -> None:
        """End the session."""
        sign_ins.note(Kind.SIGNED_OUT, officer=request.user, request=request)  # type: ignore[arg-type]
        super().logout(request)
        request.has_signed_out = True  # type: ignore[attr-defined]

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The password did not fit, at a sign-in or where it was asked once more."""
        signed_in = request.user if request.user.is_authenticated else None
        tried = signed_in or Officer.objects.filter(email__iexact=credentials.get("email", "")).first()
        sign_ins.note(Kind.WRONG_PASSWORD, officer=tried, request=request)

    def set_password(self, user: Officer, password: str) -> None:
        """The officer's own choice; the database ends every session (migration 0004)."""
        user.first_password_until = None
        super().set_password(user, password)


class OwnPassword(ChangePasswordForm):  # type: ignore[misc]
    """A changed password is another one."""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where it is the same again."""
        given: dict[str, Any] = super().clean()
        if given.get("password1") and given["password1"] == given.get("oldpassword"):
            raise ValidationError({"password1": _("今までと違うパスワードを選んでください。")})
        return given


def note_wrong_factor(sender: object, *, request: HttpRequest, user: Officer, **more: object) -> None:
    """The second factor did not fit."""
    sign_ins.note(Kind.WRONG_FACTOR, officer=user, request=request)


def keep_this_session(sender: object, *, request: HttpRequest, **more: object) -> None:
    """The database ended all sessions of the officer whose second factor changed; this one goes on, with a new key."""
    if request.session.session_key:
        request.session.cycle_key()


def connect() -> None:
    """Allauth tells of second factors by signals only."""
    signals.authentication_failed.connect(note_wrong_factor)
    for change in (signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset):
        change.connect(keep_this_session)
