"""What every question type has: how it is written in a definition, read from a form, cleaned, described and shown."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, Field

from madoguchi.foundation import text

from ..problems import Path, Problem, Refused

Answer = Any
Schema = dict[str, Any]


class FormData(Protocol):
    """The fields of an HTML form (Django's QueryDict is one)."""

    def get(self, key: str, /) -> Any: ...
    def getlist(self, key: str, /) -> list[str]: ...
    def keys(self) -> Any: ...


class Strict(BaseModel):
    """A part of a definition; a misspelt key is a fault, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(Strict):
    """One question. `when` is a CEL condition over earlier answers; a hidden question has no answer."""

    control: ClassVar[str]
    empty: ClassVar[Answer] = ""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Name of the answer; also the CEL name.")
    type: str
    label: str = Field(min_length=1, max_length=120)
    help: str = Field("", max_length=400, description="Support text: conditions and examples, shown above the field.")
    required: bool = True
    when: str = Field("", description="CEL: asked only when true. Empty: always asked.")
    when_text: str = Field("", max_length=120, description="The condition in words, shown where scripts are off.")

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

    def in_rules(self, value: Answer | None) -> Answer:
        """The cleaned answer as CEL reads it: what is not answered reads as blank, its parts too."""
        return self.empty if value is None else value

    def free_texts(self, value: Answer, path: Path) -> Iterator[tuple[Path, str]]:
        """The texts of a cleaned answer that a person wrote freely, each with its place."""
        if isinstance(value, str):
            yield path, value

    def examine(self, value: Answer, path: Path) -> Iterator[Problem]:
        """Faults that a JSON Schema cannot tell (check digits, real days). The value already fits the schema."""
        return iter(())

    def fields(self, value: Answer) -> Mapping[str, Any]:
        """The stored value as form field values, by sub-name ('' is the field itself); typed text stays as typed."""
        return {"": "" if value is None else value}

    def written(self, typed: Answer, words: "Words") -> str:
        """What was typed, on one line, where it differs from what is stored; "" where the answer as shown says it."""
        return on_one_line(typed)

    def choices(self) -> tuple["Option", ...]:
        """The options, where the type has some."""
        return ()

    def show(self, value: Answer, words: "Words") -> str:
        """The answer as a person reads it."""
        return str(value)

    def texts(self) -> dict[str, str]:
        """The Japanese texts of this question that other languages must word, by key."""
        found = {"label": self.label, "help": self.help, "when_text": self.when_text}
        return {key: value for key, value in found.items() if value}


def on_one_line(typed: Answer) -> str:
    """A text, or the parts of an address, as typed."""
    return " ".join(map(str, typed.values())) if isinstance(typed, Mapping) else str(typed)


class Option(Strict):
    """One choice of a question."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    label: str = Field(min_length=1, max_length=120)
    help: str = ""


class Words(Protocol):
    """The reader's language: definition texts of one question, and how dates and money are written."""

    @property
    def language(self) -> str: ...

    def text(self, key: str, default: str) -> str: ...


def cleaned_text(value: Answer, *, multiline: bool = False, maximum: int) -> str | None:
    """A text answer in NFC without control characters, kept exactly as written otherwise. Raises Refused."""
    if not isinstance(value, str):
        raise Refused("wrong-type", expected="text")
    if len(value) > maximum * 4 + 100:  # do not even normalise a 100 kB name
        raise Refused("too-long", max=maximum, length=len(value))
    try:
        value = text.clean(value, multiline=multiline)
    except text.TextRefused as refused:
        raise Refused(refused.code, place=refused.place) from refused
    if len(value) > maximum:
        raise Refused("too-long", max=maximum, length=len(value))
    return value or None


def cleaned_code(value: Answer, *, maximum: int) -> str | None:
    """The same for a number, code or address for mail: half-width, without format characters. Raises Refused."""
    if isinstance(value, str) and len(value) <= maximum * 4 + 100:
        value = text.as_code(value)
    return cleaned_text(value, maximum=maximum)
