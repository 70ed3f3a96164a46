"""Templates are read by people: a line that nobody can review hides what it does."""

from pathlib import Path

from django.conf import settings

LONG, LONGEST = 160, 300
MOST_LONG = 0.05
"""The share of lines that may be long, as a sentence in one piece is."""


def lines():
    """(file and number, length) of every line of our templates."""
    for file in sorted(Path(settings.PROJECT / "src").rglob("*.html")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{file.relative_to(settings.PROJECT)}:{number}", len(line)


def test_no_line_of_a_template_is_longer_than_anybody_reviews():
    assert [(place, length) for place, length in lines() if length > LONGEST] == []


def test_nearly_all_lines_of_templates_are_short():
    found = list(lines())
    assert len(found) > 1000, "the templates were found"
    long = [place for place, length in found if length > LONG]
    assert len(long) / len(found) < MOST_LONG, long
