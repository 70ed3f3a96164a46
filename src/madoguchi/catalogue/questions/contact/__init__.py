"""E-mail addresses and telephone numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

import phonenumbers

from madoguchi.foundation import text
from madoguchi.foundation.messages import marked

from ...problems import Path, Refused
from ..base import Answer, Question, Schema, Words, cleaned_code
from ..personal import reaches_a_person

# Deliberately wide: whether the address works is told by the confirmation mail, not by a pattern.
# Dots may stand together or before the @: addresses that carriers gave out until 2009 are still in use.
ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]|[.](?![.])){0,188}[.][A-Za-z]{2,63}"
FITS = re.compile(ADDRESS)
# A national number without its 0. Mobile, IP and 0800 numbers (a 0 in the third place) have eleven digits with the 0,
# all others ten; no area code or exchange begins with 0. Read without the library, which takes 60 µs.
NATIONAL = re.compile(r"[5679]0[1-9][0-9]{7}|80[0-9]{8}|[1-9][1-9][0-9]{7}")
WITH_PREFIX = re.compile(r"(?:[+]81(?:[(]0[)])?|0)([1-9][0-9]+)")
PHONE_SIGNS = re.compile(r"[+]?[-0-9(). ]+")
STORED = re.compile(rf"[+]81(?:{NATIONAL.pattern})")
SEPARATORS = str.maketrans("", "", "-() .")


def cleaned_email(value: Answer) -> str | None:
    """The address in half-width characters. Raises Refused("not-an-email")."""
    cleaned = cleaned_code(value, maximum=254)
    if cleaned is not None and not FITS.fullmatch(cleaned):
        raise Refused("not-an-email")
    return cleaned


def cleaned_phone(value: Answer) -> str | None:
    """The number in E.164 form, read as Japanese where no country is given. Raises Refused("not-a-phone")."""
    with_country = isinstance(value, str) and text.as_code(value[:200]).startswith("+")
    cleaned = cleaned_code(value, maximum=30)
    if cleaned is None:
        return None
    if not PHONE_SIGNS.fullmatch(cleaned):  # letters too can be dialled, and an extension would be lost
        raise Refused("not-a-phone")
    solid = cleaned.replace("(0)", "" if with_country else "0").translate(SEPARATORS)
    if found := WITH_PREFIX.fullmatch(solid):
        return f"+81{_national(found[1])}"
    return _foreign(solid)


def _national(number: str) -> str:
    if not NATIONAL.fullmatch(number):
        raise Refused("not-a-phone")
    return number


def _foreign(solid: str) -> str:
    try:
        number = phonenumbers.parse(solid, "JP")
    except phonenumbers.NumberParseException as fault:
        raise Refused("not-a-phone") from fault
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not solid.startswith("+") or not possible or number.country_code == 81:
        raise Refused("not-a-phone")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def shown_phone(value: str) -> str:
    """The number as people in Japan write it; a foreign one with its country code."""
    number = phonenumbers.parse(value, "JP")
    style = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(number, style.NATIONAL if number.country_code == 81 else style.INTERNATIONAL))


def phone_again(value: Answer) -> Answer:
    """A stored number of Japan as it is dialled here; what was typed stays as typed."""
    return shown_phone(value) if isinstance(value, str) and STORED.fullmatch(value) else value


class Email(Question):
    """An e-mail address."""

    attrs: ClassVar[Mapping[str, str]] = {"inputmode": "email", "autocomplete": "email", "type": "email"}
    sentences: ClassVar[Mapping[str, str]] = {
        "not-an-email": marked("メールアドレスの形が違います。例：name@example.jp")
    }
    type: Literal["email"]

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "pattern": f"^{ADDRESS}$", "maxLength": 254}

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_email(value)

    def secret(self, inside: Sequence[str]) -> str:
        return reaches_a_person(self.label)


class Phone(Question):
    """A telephone number, stored in E.164."""

    attrs: ClassVar[Mapping[str, str]] = {"inputmode": "tel", "autocomplete": "tel"}
    sentences: ClassVar[Mapping[str, str]] = {
        "not-a-phone": marked(
            "電話番号を市外局番から入力してください。携帯電話と050の番号は11桁、固定電話は10桁です。"
            "外国の番号は「+」から入力してください。例：045-210-1111、090-1234-5678"
        )
    }
    type: Literal["phone"]

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$"}

    def free_texts(self, value: Answer, path: Path) -> Iterator[tuple[Path, str]]:
        return iter(())  # with its country code a number may have the twelve digits of a My Number

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_phone(value)

    def fields(self, value: Answer) -> Mapping[str, Any]:
        return {"": "" if value is None else phone_again(value)}

    def show(self, value: Answer, words: Words) -> str:
        return shown_phone(value)

    def secret(self, inside: Sequence[str]) -> str:
        return reaches_a_person(self.label)
