"""How officers sign in: django-allauth, without sign-up from outside."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class OfficerAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Officers are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
