"""An address with several verbs has a view for each: by the method, and by the button that was pressed."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from madoguchi.people.verbs import verbs


def view(name):
    return lambda request, place: HttpResponse(f"{name} {place}")


SEVERAL = verbs(view("read"), view("look"), "do", order=view("order"))
TWO = verbs(view("read"), view("write"))


def answer(chosen, request):
    return chosen(request, "here").content.decode()


@pytest.mark.parametrize("chosen", [SEVERAL, TWO])
def test_reading_is_reading_whatever_the_address_says(chosen):
    assert answer(chosen, RequestFactory().get("/", {"do": "order"})) == "read here"


@pytest.mark.parametrize(
    ("sent", "verb"), [({"do": "order"}, "order"), ({"do": "look"}, "look"), ({"do": "?"}, "look"), ({}, "look")]
)
def test_the_button_chooses_the_verb(sent, verb):
    assert answer(SEVERAL, RequestFactory().post("/", sent)) == f"{verb} here"


def test_without_buttons_what_is_sent_is_written():
    assert answer(TWO, RequestFactory().post("/", {"do": "order", "": "x"})) == "write here"
