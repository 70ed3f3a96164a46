"""What every question type has: written in a definition, read from a form, cleaned, described, checked, shown, drawn.

A type is a folder beside this file. It overrides what is different of it; nobody outside asks which type it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field

from madoguchi.foundation import text

from ..problems import Path, Problem
from . import drawing
from .cleaning import cleaned_code, cleaned_text
from .telling import Landmarks, texts

__all__ = ["Answer", "FormData", "Option", "Question", "Schema", "Strict", "Words", "cleaned_code", "cleaned_text"]

Answer = Any
Schema = dict[str, Any]
Finding = tuple[str, str, str]
"""What is wrong with a question in a definition: its key, the sentence, the remedy."""


class FormData(Protocol):
    """The fields of an HTML form (Django's QueryDict is one)."""

    def get(self, key: str, /) -> Any: ...
    def getlist(self, key: str, /) -> list[str]: ...
    def keys(self) -> Any: ...


class Words(Protocol):
    """The reader's language: definition texts of one question, and how dates and money are written."""

    @property
    def language(self) -> str: ...

    def text(self, key: str, default: str) -> str: ...
    def of(self, prefix: str) -> Self: ...


class Strict(BaseModel):
    """A part of a definition; a misspelt key is a fault, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Strict):
    """One choice of a question."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    label: str = Field(min_length=1, max_length=120)
    help: str = ""


class Shown(NamedTuple):
    """One part of an answer as a person reads it: its name, its label (a message id), its text, and what was typed."""

    part: str
    label: str
    text: str
    typed: str = ""


class Question(Strict):
    """One question. `when` is a CEL condition over earlier answers; a hidden question has no answer."""

    asks: ClassVar[bool] = True
    """Whether it has an answer."""
    is_declared: ClassVar[bool] = False
    """Whether it is a person's own word, given anew each time."""
    is_name: ClassVar[bool] = False
    """Whether it names somebody or something, so that any document, now or later, may have to print it."""
    control: ClassVar[drawing.Control] = drawing.TEXT
    attrs: ClassVar[Mapping[str, str]] = {}
    """Attributes of its input."""
    empty: ClassVar[Answer] = ""
    sentences: ClassVar[Mapping[str, str]] = {}
    """What its own refusals say: code → message id, in Japanese."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Name of the answer; also the CEL name.")
    type: str
    label: str = Field(min_length=1, max_length=120)
    help: str = Field("", max_length=400, description="Support text: conditions and examples, shown above the field.")
    required: bool = True
    when: str = Field("", description="CEL: asked only when true. Empty: always asked.")
    when_text: str = Field("", max_length=120, description="The condition in words, shown where scripts are off.")

    # ---------------------------------------------------------------- what is asked and answered

    def schema(self) -> Schema:  # type: ignore[override]
        """JSON Schema 2020-12 of a cleaned answer."""
        raise TypeError(f"question type {self.type} has no schema")

    def read(self, form: FormData, name: str) -> Answer | None:
        """The answer as typed into the form's fields, None when nothing was typed."""
        value = form.get(name) or ""
        return None if text.is_blank(value) else value

    def clean(self, value: Answer) -> Answer | None:
        """The value in its stored shape; None when it is empty. Raises Refused."""
        return value

    def examine(self, value: Answer, path: Path) -> Iterator[Problem]:
        """Faults that a JSON Schema cannot tell (check digits, real days). The value already fits the schema."""
        return iter(())

    def in_rules(self, value: Answer | None) -> Answer:
        """The cleaned answer as CEL reads it: what is not answered reads as blank, its parts too."""
        return self.empty if value is None else value

    @property
    def rows(self) -> "Rows | None":
        """What a row is made of; None where the answer has no rows."""
        return None

    @property
    def uploads(self) -> "Uploads | None":
        """Which files it takes; None where the answer is no file."""
        return None

    # ---------------------------------------------------------------- what a cell of a bureau's list says

    def cell_parts(self) -> Mapping[str, str]:
        """The parts that a list may have in columns of their own, each with its label (a message id)."""
        return {}

    def from_cells(self, whole: str, parts: Mapping[str, str]) -> Answer:
        """An answer, not yet cleaned, from the cell of the whole and those of its parts ("" where there is none)."""
        return whole

    # ---------------------------------------------------------------- what of it is personal

    def free_texts(self, value: Answer, path: Path) -> Iterator[tuple[Path, str]]:
        """The texts of a cleaned answer that a person wrote freely, each with its place."""
        if isinstance(value, str):
            yield path, value

    def parties(self, value: Answer) -> Sequence[Mapping[str, Any]]:
        """The persons and corporations that the answer is: `{kind, name, …}`."""
        return ()

    def secret(self, inside: Sequence[str]) -> str:
        """What of a person would be told if it, or the part `inside`, were published; "" where nothing would."""
        return ""

    # ---------------------------------------------------------------- how it is shown and drawn

    def show(self, value: Answer, words: Words) -> str:
        """The answer as a person reads it."""
        return str(value)

    def written(self, typed: Answer, words: Words) -> str:
        """What was typed, on one line, where it differs from what is stored; "" where the answer as shown says it."""
        return on_one_line(typed)

    def show_parts(self, value: Answer, words: Words, typed: Answer = None) -> list[Shown] | None:
        """The answer part by part in order; None where it is read as one."""
        return None

    def fields(self, value: Answer) -> Mapping[str, Any]:
        """The stored value as form field values, by sub-name ('' is the field itself); typed text stays as typed."""
        return {"": "" if value is None else value}

    def draw(self, field: drawing.FormField, value: Answer, words: Words, pen: drawing.Pen) -> None:
        """Add to its field what only this type has: options, parts, rows."""

    def choices(self) -> tuple[Option, ...]:
        """The options, where the type has some."""
        return ()

    def texts(self) -> dict[str, str]:
        """The Japanese texts of this question that other languages must word, by key."""
        found = {"label": self.label, "help": self.help, "when_text": self.when_text}
        return {key: value for key, value in found.items() if value}

    # ---------------------------------------------------------------- what the check of a definition asks

    def faults(self) -> Iterable[Finding]:
        """Keys that contradict each other, and texts nobody reads to the end."""
        return ()

    def parts(self) -> set[tuple[str, ...]]:
        """The parts of an answer that rules, documents and columns may call by name."""
        return set()

    def possible(self, inside: Sequence[str]) -> list[str] | None:
        """The texts that the answer, or the part `inside`, can be; None: any; empty: it is no text."""
        return None

    @property
    def is_patterned(self) -> bool:
        """Whether only a form of text is accepted, of which no examples can be made up."""
        return False

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        """Stored answers at which an expression with these landmarks can change its mind."""
        return list(texts(marks, getattr(self, "max", 254)))


class Rows(Protocol):
    """A question whose answer is rows, each of which answers the same questions."""

    @property
    def id(self) -> str: ...
    @property
    def row_label(self) -> str: ...
    @property
    def min_rows(self) -> int: ...
    @property
    def max_rows(self) -> int: ...
    @property
    def questions(self) -> tuple[Question, ...]: ...
    @property
    def by_id(self) -> dict[str, Question]:
        """The questions of a row that can have an answer."""

    def row_in_rules(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """One row as CEL reads it."""

    def rows_in(self, form: FormData, name: str) -> int:
        """How many rows a form carries."""


class Uploads(Protocol):
    """A question whose answer is files: which kinds (`platform.file_kinds`), how many, how large."""

    @property
    def id(self) -> str: ...
    @property
    def accept(self) -> tuple[str, ...]: ...
    @property
    def max_files(self) -> int: ...
    @property
    def max_mb(self) -> int: ...


def on_one_line(typed: Answer) -> str:
    """A text, or the parts of an address, as typed."""
    return " ".join(map(str, typed.values())) if isinstance(typed, Mapping) else str(typed)


def least_first(question: Question, low: str, high: str) -> Iterator[Finding]:
    """Two limits of a question that stand the wrong way round."""
    least, most = getattr(question, low), getattr(question, high)
    if least is not None and most is not None and least > most:
        yield high, f"{low} {least} is more than {high} {most}", "exchange or correct the limits."


def answers_to(question: Question, marks: Landmarks) -> list[Answer]:
    """Telling answers; None (no answer) where the question may be left out."""
    values = question.telling_values(marks)
    return values if question.required else [None, *values]
