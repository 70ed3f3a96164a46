"""The register of question types: one file each; what is not listed here does not exist."""

from typing import Annotated

from pydantic import Field

from .address import Address
from .base import Option, Question
from .choice import Choice, Choices, YesNo
from .contact import Email, Phone
from .date import Date
from .file import File
from .group import Group
from .kana import Kana
from .long_text import LongText
from .number import Money, Number
from .party import Party
from .statement import Declaration, Information
from .text import Text

TYPES: tuple[type[Question], ...] = (
    Text, LongText, Kana, Number, Money, Date, Choice, Choices, YesNo, Email, Phone, Address, Party, File, Group,
    Declaration, Information,
)  # fmt: skip

AnyQuestion = Annotated[
    Text
    | LongText
    | Kana
    | Number
    | Money
    | Date
    | Choice
    | Choices
    | YesNo
    | Email
    | Phone
    | Address
    | Party
    | File
    | Group
    | Declaration
    | Information,
    Field(discriminator="type"),
]
Group.model_rebuild(_types_namespace={"AnyQuestion": AnyQuestion})

__all__ = [
    "TYPES", "Address", "AnyQuestion", "Declaration", "File", "Group", "Information", "Kana", "Option", "Party",
    "Question", "Text",
]  # fmt: skip
