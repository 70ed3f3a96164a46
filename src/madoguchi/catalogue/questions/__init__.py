"""The register of question types: one folder and one line each; what is not imported here does not exist.

A folder may hold several types that are near to one another. The union that reads a definition is made of this list.
"""

# ruff: noqa: F401 - a type is used by its being here

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from .address import Address
from .base import Option, Question
from .choice import Choice, Choices, YesNo
from .contact import Email, Phone
from .date import Date
from .file import File
from .group import Group
from .holding import Holding
from .kana import Kana
from .long_text import LongText
from .number import Money, Number
from .party import Party
from .statement import Declaration, Information
from .text import Text

__all__ = ["TYPES", "AnyQuestion", "Option", "Question"]

TYPES: tuple[type[Question], ...] = tuple(
    kind
    for kind in list(vars().values())
    if isinstance(kind, type) and issubclass(kind, Question) and kind is not Question
)
if TYPE_CHECKING:
    AnyQuestion = Question
else:
    AnyQuestion = Annotated[Union[TYPES], Field(discriminator="type")]  # noqa: UP007 - a list, not written out
    for kind in TYPES:  # those that hold others could not be whole before
        kind.model_rebuild(_types_namespace={"AnyQuestion": AnyQuestion})
