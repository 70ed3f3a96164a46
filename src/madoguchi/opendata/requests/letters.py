"""Letters to those who asked for data, in their language; with the answer the address is forgotten."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from procrastinate.contrib.django import app

from madoguchi.town import letters
from madoguchi.town.offices import town

from ..models.requests import DataRequest, State, Step


def queue(step: Step) -> None:
    """Queue the news of a step; it leaves only if the transaction does. Nothing where no address was given."""
    if step.request.email:
        app.configure_task(name="madoguchi.data-request-letter").defer(step_id=step.pk)


def send(step: int) -> None:
    """Send the news of a step; a repeated one has the same message id, and nobody is told whose address is gone."""
    found = Step.objects.select_related("request").get(pk=step)
    asked = found.request
    if not asked.email:
        return
    with override(asked.language):
        url = settings.PUBLIC_URL + reverse("asking:request", args=[asked.pk])
        filled = {"asked": asked, "step": found, "url": url, "town": town().in_language(asked.language)}
        text = render_to_string("opendata/mail/step.txt", filled)
        letters.send(to=asked.email, text=text, number=f"data-request.{asked.pk}.{found.pk}")
    if found.state in (State.OPENED, State.REFUSED):
        DataRequest.objects.filter(pk=asked.pk).update(email="")
