"""What a field of a form is, as the templates show it, and what a question has at hand when it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol


class Control(NamedTuple):
    """How a field is drawn: its template, and what stands around it (`design/templates/design/field.html`).

    `label`: a label above one input. `set`: a legend above several. `alone`: nothing.
    """

    template: str
    frame: Literal["label", "set", "alone"] = "label"


TEXT = Control("design/controls/text.html")
SELECT = Control("design/controls/select.html")
RADIOS = Control("design/controls/radios.html", "set")
CHECKBOXES = Control("design/controls/checkboxes.html", "set")
PARTS = Control("design/controls/parts.html", "set")
"""The controls of several types; what only one type has lies in its folder."""


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
class FormField:
    """One field as shown."""

    name: str
    label: str
    control: Control
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
    children: Sequence["FormField"] = ()
    rows: Sequence[Sequence["FormField"]] = ()
    files: Sequence[Any] = ()
    meant: Sequence[Meant] = ()

    @property
    def id(self) -> str:
        """The HTML id."""
        return self.name.replace(".", "-")


class Pen(Protocol):
    """What a question has at hand when it is drawn (`catalogue.fields.FormBuilder`)."""

    @property
    def language(self) -> str:
        """The reader's."""

    @property
    def meaning(self) -> Mapping[str, Any]:
        """The judged answers, by question; what was typed may say it otherwise."""

    def say(self, message: str) -> str:
        """A text of the interface in the reader's language."""

    def part(self, name: str, label: str, control: Control = TEXT, **given: Any) -> FormField:
        """A field inside a question, with what is wrong there and what was said to be meant."""

    def field(
        self, question: Any, name: str, value: Any, words: Any, row: Mapping[str, Any] | None = None
    ) -> FormField:
        """The field of a question inside another; `row` is what conditions read before all other answers."""

    def is_off(self, when: str) -> bool:
        """Whether this condition does not hold for the answers so far."""

    def uploads(self, ids: Sequence[str]) -> Sequence[Any]:
        """The files behind these ids."""
