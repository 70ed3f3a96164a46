"""The words of requests and files handed in, for templates."""

from django import template

from madoguchi.opendata.requests import words as asking_words
from madoguchi.opendata.uploads import words as upload_words
from madoguchi.town.offices import office_name

register = template.Library()
register.filter("shown_title", asking_words.shown_title)
register.filter("is_late", asking_words.is_late)
register.filter("office_name", office_name)
register.filter("personal_kind", upload_words.kind)
register.filter("type_name", upload_words.type_name)


@register.filter
def fault_words(code: str) -> str:
    """What is wrong, and how to mend it."""
    return " ".join(upload_words.fault(code))


@register.filter
def place_words(place: str, sheet: str) -> str:
    """Where a fault is: the sheet, then the cell as spreadsheets name it, with its row and column in words."""
    return upload_words.place_words(place, sheet)


@register.filter
def said_by(words: object, language: str) -> str:
    """A text of the gallery in the reader's language."""
    return str(words.in_language(language))  # type: ignore[attr-defined]
