"""What a browser sends of a form, and the faults that its page shows."""

import json
import re


def carried(given):
    """The answers as the confirmation page carries them in its hidden field."""
    return {"answers": json.dumps(given, ensure_ascii=False)}


def typed(given, prefix=""):
    """The answers as a person types them: one field for each part (`applicant.name`, `open_date.year`)."""
    fields = {}
    for key, value in given.items():
        fields |= _typed(f"{prefix}{key}", value)
    return fields


def _typed(name, value):
    if isinstance(value, dict):
        return typed(value, f"{name}.")
    if isinstance(value, bool):
        return {name: "yes" if value else "no"}
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return dict(zip((f"{name}.year", f"{name}.month", f"{name}.day"), value.split("-"), strict=True))
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {key: one for n, row in enumerate(value) for key, one in typed(row, f"{name}.{n}.").items()}
    return {name: value}


def faults_on(response):
    """The lines of a page's error summary, as text."""
    links = re.findall(r'<a[^>]* href="#([^"]+)"[^>]*>(.*?)</a>', response.content.decode(), re.DOTALL)
    return [(place, re.sub(r"<[^>]+>|\s+", "", text)) for place, text in links if place != "main"]
