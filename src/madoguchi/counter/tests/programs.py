"""A program that asks the API."""

from tests import town


def program(token=None):
    browser = town.visitor()
    if token:
        browser.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return browser
