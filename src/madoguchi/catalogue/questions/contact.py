"""E-mail addresses and telephone numbers."""

import re
from typing import ClassVar, Literal

import phonenumbers

from madoguchi.foundation import text

from ..problems import Refused
from .base import Answer, Question, Schema, Words, cleaned_text

# Deliberately wide: whether the address works is told by the confirmation mail, not by a pattern.
# Dots may stand together or before the @: addresses that carriers gave out until 2009 are still in use.
ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]|[.](?![.])){0,188}[.][A-Za-z]{2,63}"
FITS = re.compile(ADDRESS)
# The usual numbers of Japan, read without the library, which takes 60 µs for each.
JAPANESE = re.compile(r"(?:0|\+81)(?!10)([1-9][0-9]{8}|[5789]0[1-9][0-9]{7})")
SEPARATORS = str.maketrans("", "", "-() ")


def cleaned_email(value: Answer) -> str | None:
    """The address in half-width characters. Raises Refused("not-an-email")."""
    cleaned = cleaned_text(value, maximum=254)
    if cleaned is None:
        return None
    cleaned = text.narrow(cleaned)
    if len(cleaned) > 254 or not FITS.fullmatch(cleaned):
        raise Refused("not-an-email")
    return cleaned


def cleaned_phone(value: Answer) -> str | None:
    """The number in E.164 form, read as Japanese where no country is given. Raises Refused("not-a-phone")."""
    with_country = isinstance(value, str) and value.lstrip().startswith(("+", "＋"))
    cleaned = cleaned_text(value, maximum=30, my_number=with_country)
    if cleaned is None:
        return None
    narrow = text.narrow(cleaned)
    if found := JAPANESE.fullmatch(narrow.translate(SEPARATORS)):
        return f"+81{found[1]}"
    try:
        number = phonenumbers.parse(narrow, "JP")
    except phonenumbers.NumberParseException as fault:
        raise Refused("not-a-phone") from fault
    if number.extension or not _can_be_called(number):  # an extension would be lost in E.164
        raise Refused("not-a-phone")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _can_be_called(number: phonenumbers.PhoneNumber) -> bool:
    """Whether it is complete: a Japanese number with its area code has nine or ten digits after the 0."""
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    digits = len(phonenumbers.national_significant_number(number))
    return possible and (number.country_code != 81 or digits in (9, 10))


def shown_phone(value: str) -> str:
    """The number as people in Japan write it; a foreign one with its country code."""
    number = phonenumbers.parse(value, "JP")
    style = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(number, style.NATIONAL if number.country_code == 81 else style.INTERNATIONAL))


class Email(Question):
    """An e-mail address."""

    control: ClassVar[str] = "text"
    type: Literal["email"]

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "pattern": f"^{ADDRESS}$", "maxLength": 254}

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_email(value)


class Phone(Question):
    """A telephone number, stored in E.164."""

    control: ClassVar[str] = "text"
    type: Literal["phone"]

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$"}

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_phone(value)

    def show(self, value: Answer, words: Words) -> str:
        return shown_phone(value)
