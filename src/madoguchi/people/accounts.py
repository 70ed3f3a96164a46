"""How officers sign in: django-allauth, without sign-up from outside."""

from django.http import HttpRequest

from .brake.sign_in import BrakedSignIn


class OfficerAccounts(BrakedSignIn):
    """Officers are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
