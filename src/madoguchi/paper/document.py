"""Everything that is printed on a document, as one value; a document that the law does not allow cannot be made."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, unquote

from madoguchi.foundation.dates import format_ja


class IncompleteDocument(Exception):
    """A part that this form may not lack is empty; `missing` names the parts (field names)."""

    def __init__(self, form: str, missing: list[str]) -> None:
        super().__init__(f"A document of the form {form!r} cannot be made without: {', '.join(missing)}.")
        self.form = form
        self.missing = missing


class UnknownForm(Exception):
    """No template is registered under this form's name."""

    def __init__(self, form: str) -> None:
        super().__init__(f"No form {form!r}; the forms are {', '.join(FORMS)}.")


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of document: its typst template and the parts it may not lack besides `ALWAYS`."""

    template: str
    requires: tuple[str, ...] = ()


FORMS: dict[str, Form] = {
    "permit": Form("permit.typ"),
    "certificate": Form("certificate.typ"),
    "notification-receipt": Form("receipt.typ"),
    "payment-receipt": Form("payment-receipt.typ"),
    "grant": Form("grant.typ"),
    "disclosure": Form("disclosure.typ"),
    "decision": Form("decision.typ"),
    # 行政手続法 8条 (reasons), 行政不服審査法 82条 and 行政事件訴訟法 46条 (appeal notice)
    "refusal": Form("refusal.typ", requires=("reasons", "appeal")),
}

ALWAYS = ("number", "title", "lead", "reference", "verify_url", "verify_code", "subject")


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom the document is addressed; `lines` stand above the name (postal code, address, position)."""

    name: str
    lines: tuple[str, ...] = ()
    honorific: str = "様"


@dataclass(frozen=True, slots=True)
class Issuer:
    """In whose name the document is issued: the position always, the person's name if it is printed."""

    title: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """The office that answers questions; `contact` is printed line by line (telephone, address, hours)."""

    name: str
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused, and the provision it rests on."""

    text: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document before it is rendered. `subject` is the case's id: it ends up inside the signed bytes.

    Raises `UnknownForm` and `IncompleteDocument` when it is made, so that an unlawful one never exists.
    """

    form: str
    number: str
    issued_on: date
    addressee: Addressee
    issuer: Issuer
    office: Office
    title: str
    lead: str
    reference: str
    verify_url: str
    verify_code: str
    subject: str
    rows: tuple[tuple[str, str], ...] = ()
    conditions: tuple[str, ...] = ()
    valid: tuple[date, date | None] | None = None
    reasons: tuple[Reason, ...] = ()
    appeal: tuple[str, ...] = ()
    law: tuple[str, ...] = ()
    reference_name: str = "受付番号"
    is_registered: bool = True
    """Whether its code opens the register's entry; what stands in no register is checked by its file alone."""
    language: str = field(default="ja")

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise UnknownForm(self.form)
        if missing := list(_missing(self)):
            raise IncompleteDocument(self.form, missing)

    @property
    def template(self) -> str:
        """File name of the typst template."""
        return FORMS[self.form].template

    @property
    def keywords(self) -> list[str]:
        """What the signed bytes say about themselves (PDF /Keywords and XMP); read back by `read_keywords`."""
        values = {"subject": self.subject, "number": self.number, "code": self.verify_code}
        return [f"madoguchi-{key}={_shield(value)}" for key, value in values.items()]


def read_keywords(keywords: str) -> dict[str, str]:
    """The fields `Document.keywords` wrote, from a PDF's /Keywords string; empty when there are none."""
    parts = (part.strip().partition("=") for part in keywords.split(","))
    found = {key.removeprefix("madoguchi-"): unquote(value) for key, _, value in parts if key.startswith("madoguchi-")}
    return {key: found[key] for key in ("subject", "number", "code") if key in found}


def _shield(value: str) -> str:
    return "".join(quote(character) if character in "%,=;" else character for character in value)


def _missing(document: Document) -> Iterator[str]:
    required = (*ALWAYS, *FORMS[document.form].requires)
    yield from (name for name in required if not _filled(getattr(document, name)))
    if not _filled(document.addressee.name):
        yield "addressee.name"
    if not _filled(document.issuer.title):
        yield "issuer.title"
    if any(not _filled(reason.text) or not _filled(reason.basis) for reason in document.reasons):
        yield "reasons.basis"
    # Whoever is refused a part must be told how to appeal as well.
    if document.reasons and not _filled(document.appeal) and "appeal" not in required:
        yield "appeal"


def _filled(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, tuple):
        return any(_filled(part) for part in value)
    return value is not None


def printable(value: Any) -> Any:
    """The value as JSON for the template: dates in Japanese, dataclasses and tuples as objects and lists."""
    if isinstance(value, date):
        return format_ja(value)
    if isinstance(value, Reason):
        return [value.text, value.basis]
    if isinstance(value, tuple):
        return [printable(part) for part in value]
    if is_dataclass(value):
        return {part.name: printable(getattr(value, part.name)) for part in fields(value)}
    return value
