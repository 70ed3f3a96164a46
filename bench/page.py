"""What a phone loads before the first form page is ready: bytes as they travel, and requests."""

import gzip
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHROMIUM = Path("/usr/bin/chromium")


def fetch(url: str) -> tuple[bytes, bytes]:
    """(bytes as sent, bytes unpacked)."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        sent = answer.read()
        return sent, gzip.decompress(sent) if answer.headers["Content-Encoding"] == "gzip" else sent


def weigh(host: str, path: str, say: Callable[[str], None], goal: Callable[..., None]) -> None:
    """By HTTP, and by a browser where there is one."""
    sent, plain = fetch(f"http://{host}{path}")
    parts = {"html": len(sent)}
    for url in re.findall(r'<(?:link rel="stylesheet" href|script[^>]* src)="([^"]+)"', plain.decode()):
        parts[url] = len(fetch(f"http://{host}{url}")[0])
    say(f"  form page: {len(plain):,} bytes of HTML; as sent: " + ", ".join(f"{k} {v:,}" for k, v in parts.items()))
    goal("form page by HTTP, HTML + CSS + scripts, gzip", sum(parts.values()) / 1024, 14, unit=" KB")
    if not CHROMIUM.exists():
        say("  no chromium here: requests counted from the HTML")
        goal("requests", len(parts), 3)
        return
    requests, body = in_browser(f"http://{host}{path}")
    goal("form page in Chromium, bodies as sent", body / 1024, 14, unit=" KB")
    goal("requests in Chromium until the page is idle", len(requests), 3)


def in_browser(url: str) -> tuple[list[str], int]:
    """(requests, bytes of their bodies as sent) of a first visit, until nothing more is loaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        try:
            tab = browser.new_page(viewport={"width": 360, "height": 740})
            asked: list[Any] = []
            tab.on("requestfinished", lambda one: asked.append(one))
            tab.goto(url, wait_until="networkidle", timeout=20_000)
            real = [one for one in asked if one.url.startswith("http")]
            return [one.url for one in real], sum(one.sizes()["responseBodySize"] for one in real)
        finally:
            browser.close()
