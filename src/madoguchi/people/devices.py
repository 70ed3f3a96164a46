"""From what device a request comes, as little as serves: browser and system in words."""

import re
from typing import Final

from django.http import HttpRequest

BROWSERS: Final = (
    ("Edge", r"Edg(?:A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
"""In this order: most browsers also name those that they want to be taken for."""
SYSTEMS: Final = (
    ("iPad", r"iPad"),
    ("iPhone", r"iPhone|iPod"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux"),
)
LONGEST_READ: Final = 400


def device_of(request: HttpRequest) -> str:
    """Browser and system (`Firefox, Windows`), as the browser says; empty where it names neither. No version."""
    told = request.headers.get("User-Agent", "")[:LONGEST_READ]
    found = [next((name for name, sign in known if re.search(sign, told)), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found))
