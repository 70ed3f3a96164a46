"""The parts of a party: which there are, what they are called, how each is cleaned and shown."""

import re
from datetime import date
from typing import Any, Literal

from madoguchi.foundation import dates
from madoguchi.foundation.identifiers import is_corporate_number
from madoguchi.foundation.messages import marked

from ...problems import Refused
from ..address import cleaned_address, shown_address
from ..base import Answer, FormData, Words, cleaned_code, cleaned_text
from ..contact import cleaned_email, cleaned_phone, shown_phone
from ..date import cleaned_date
from ..kana import cleaned_kana

Part = Literal["kana", "corporate_number", "representative", "birth_date", "address", "phone", "email"]
Kind = Literal["person", "corporation"]
ORDER = ("kind", "name", "kana", "corporate_number", "representative", "birth_date", "address", "phone", "email")
ONLY = {"corporate_number": "corporation", "representative": "corporation", "birth_date": "person"}
OPTIONAL = frozenset({"email", "corporate_number"})
LABELS = {
    "name": marked("氏名または名称"),
    "kana": marked("フリガナ"),
    "corporate_number": marked("法人番号"),
    "representative": marked("代表者の氏名"),
    "birth_date": marked("生年月日"),
    "address": marked("住所または所在地"),
    "phone": marked("電話番号"),
    "email": marked("メールアドレス"),
}


def cleaned_corporate_number(value: Answer) -> str | None:
    """The 13 digits of 法人番号 (番号法第39条), also from the number of an invoice, which is T and the same digits.

    Raises Refused when the check digit is wrong. The T: 適格請求書発行事業者の登録番号, 消費税法第57条の2.
    """
    cleaned = cleaned_code(value, maximum=20)
    if cleaned is None:
        return None
    digits = re.sub("[ -]", "", cleaned).upper().removeprefix("T")
    if not is_corporate_number(digits):
        raise Refused("not-a-corporate-number")
    return digits


CLEANERS: dict[str, Any] = {
    "name": lambda value: cleaned_text(value, maximum=120),
    "kana": lambda value: cleaned_kana(value, 120),
    "corporate_number": cleaned_corporate_number,
    "representative": lambda value: cleaned_text(value, maximum=120),
    "birth_date": cleaned_date,
    "address": cleaned_address,
    "phone": cleaned_phone,
    "email": cleaned_email,
}


def cleaned_part(part: str, given: Answer) -> Answer | None:
    """One part in its stored shape. Raises Refused."""
    return CLEANERS[part](given) if given else None


def shown_part(part: str, value: Any, words: Words) -> str:
    """One part as a person reads it."""
    if part == "address":
        return shown_address(value)
    if part == "phone":
        return shown_phone(value)
    if part == "birth_date":
        return dates.format_date(date.fromisoformat(value), words.language)
    return str(value)


def read_field(form: FormData, name: str) -> str:
    """One field as typed."""
    return form.get(name) or ""
