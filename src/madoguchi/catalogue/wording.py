"""The texts of a definition: which there are, and their wording in the reader's language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .format import Constraint, Procedure, Section

Texts = dict[str, str]


@dataclass(frozen=True)
class LanguageOf:
    """One reader's language over one definition's texts (satisfies `questions.base.Words` for a prefix)."""

    language: str
    texts: Mapping[str, str]
    prefix: str = ""

    def text(self, key: str, default: str) -> str:
        """The text in this language, the Japanese one where it has no own wording."""
        return self.texts.get(self.prefix + key, default)

    def of(self, prefix: str) -> "LanguageOf":
        """The same language, one level deeper."""
        return LanguageOf(self.language, self.texts, f"{self.prefix}{prefix}.")


def texts(procedure: Procedure) -> Texts:
    """Every Japanese text that other languages must word, by dotted key (the shape of `wording/<language>.yaml`)."""
    return dict(_texts(procedure))


def _texts(procedure: Procedure) -> Iterator[tuple[str, str]]:
    yield "name", procedure.name
    yield "summary", procedure.summary
    yield "who_may_apply", procedure.who_may_apply
    yield from _listed("needed", procedure.needed)
    yield from _listed("town_choice", procedure.town_choice)
    if procedure.standard_period_note:
        yield "standard_period_note", procedure.standard_period_note
    if procedure.fee:
        yield "fee.item", procedure.fee.item
        if procedure.fee.note:
            yield "fee.note", procedure.fee.note
    yield from _of_form(procedure.form, procedure.constraints)
    for step, ask in procedure.asks.items():
        yield f"asks.{step}.title", ask.title
        yield from _of_form(ask.form, ask.constraints)
    yield from ((f"refusal_reasons.{reason.id}", reason.text) for reason in procedure.refusal_reasons)
    yield "outcome.title", procedure.outcome.title


def _of_form(form: Sequence[Section], constraints: Sequence[Constraint]) -> Iterator[tuple[str, str]]:
    for section in form:
        yield f"sections.{section.id}.title", section.title
        if section.help:
            yield f"sections.{section.id}.help", section.help
        for question in section.questions:
            yield from ((f"questions.{question.id}.{key}", text) for key, text in question.texts().items())
    yield from ((f"constraints.{constraint.id}", constraint.message) for constraint in constraints)


def _listed(key: str, items: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return ((f"{key}.{index}", item) for index, item in enumerate(items))


def flatten(tree: Mapping[str, Any] | list[Any], prefix: str = "") -> Texts:
    """Nested YAML as dotted keys; list items are numbered from 0."""
    items = tree.items() if isinstance(tree, Mapping) else ((str(index), item) for index, item in enumerate(tree))
    flat: Texts = {}
    for key, value in items:
        if isinstance(value, (Mapping, list)):
            flat.update(flatten(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
