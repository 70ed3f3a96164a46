"""What a field of a form is, as the templates of `design` show it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class OptionField:
    """One choice as shown."""

    code: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Meant:
    """A checkbox that says that a value which looks wrong is meant as it is written."""

    value: str
    id: str
    label: str
    checked: bool


@dataclass
class Field:
    """One field as shown; see `design/templates/design/controls/`."""

    name: str
    label: str
    control: str
    value: Any = ""
    help: str = ""
    required: bool = True
    error: str = ""
    when: str = ""
    when_text: str = ""
    off: bool = False
    unit: str = ""
    text: str = ""
    options: Sequence[OptionField] = ()
    attrs: Mapping[str, str] = field(default_factory=dict)
    children: Sequence["Field"] = ()
    rows: Sequence[Sequence["Field"]] = ()
    files: Sequence[Any] = ()
    meant: Sequence["Meant"] = ()

    @property
    def id(self) -> str:
        """The HTML id."""
        return self.name.replace(".", "-")


def labels(fields: Iterable[Field], above: str = "") -> Iterator[tuple[str, str]]:
    """(name, label) of every field, parts and rows with the labels of what they belong to: 申請者：生年月日：日."""
    for one in fields:
        label = f"{above}{_('：')}{one.label}" if above else one.label
        yield one.name, label
        yield from labels(one.children, label)
        for number, row in enumerate(one.rows, 1):
            yield from labels(row, f"{label}{_('：')}{one.text} {number}")


@dataclass(frozen=True)
class SectionField:
    """One step of the form as shown."""

    id: str
    title: str
    help: str
    fields: Sequence[Field]
