"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, translate_url

from madoguchi.foundation.languages import LANGUAGES


def page(request: HttpRequest) -> dict[str, Any]:
    """`alternate_urls`: this page in every language; `is_get`: whether a link to it would show the same page."""
    path = request.get_full_path()
    try:
        urls = [
            {"language": one, "code": one.code, "name": one.name, "url": translate_url(path, one.code)}
            for one in LANGUAGES
        ]
    except Resolver404:
        urls = []
    return {"alternate_urls": urls, "public_url": settings.PUBLIC_URL}
