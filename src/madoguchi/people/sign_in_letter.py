"""The letter to an officer whose account was used on a device that it had not been used on."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from madoguchi.town import letters
from madoguchi.town.offices import town

from .models import SignIn


def new_device(sign_in: int, language: str) -> None:
    """Send it; a repeated one has the same message id."""
    row = SignIn.objects.select_related("officer").get(pk=sign_in)
    if row.officer is None or not row.officer.is_active:
        return
    with override(language):
        filled = {"row": row, "officer": row.officer, "town": town().in_language(language)}
        filled["url"] = settings.PUBLIC_URL + reverse("people:devices")
        text = render_to_string("people/mail/new_device.txt", filled)
        letters.send(to=row.officer.email, text=text, number=f"sign-in.{row.pk}")
