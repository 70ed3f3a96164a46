"""The steps of a form, and what each of their fields is called."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..questions.drawing import FormField


def labels(fields: Iterable[FormField], above: str = "") -> Iterator[tuple[str, str]]:
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
    fields: Sequence[FormField]
