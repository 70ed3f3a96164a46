"""HTML as a browser reads it, for tests that look for a piece of it: a template may break a tag wherever it likes."""

import re


def flat(page):
    """The text of a response or a text; each tag stands on one line, one space between its attributes."""
    text = page if isinstance(page, str) else page.content.decode()
    return re.sub(r"<[^>]*>", lambda tag: re.sub(r"\s+>$", ">", " ".join(tag[0].split())), text)
