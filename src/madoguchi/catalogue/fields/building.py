"""Fields built from questions, values and problems in one language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from madoguchi.foundation.expressions import ExpressionFailed, compile_expression

from ..compiled import Compiled
from ..format import Section
from ..messages import sentence
from ..problems import Problem
from ..questions import Question
from ..questions.base import Words
from ..questions.drawing import TEXT, Control, FormField
from .field import SectionField
from .meant import of_values

Files = Callable[[Sequence[str]], Sequence[Any]]


class FormBuilder:
    """Builds the fields of one procedure for one reader; `files` looks up what was already uploaded.

    `answers` are shown as they are, typed or stored; conditions read what they mean (`meaning`). It is the pen with
    which each question draws what only its type has (`questions.drawing.Pen`).
    """

    def __init__(
        self,
        compiled: Compiled,
        language: str,
        answers: Mapping[str, Any] | None = None,
        problems: Sequence[Problem] = (),
        files: Files = lambda ids: (),
    ) -> None:
        self.compiled, self.words, self.answers, self.uploads = compiled, compiled.words(language), answers or {}, files
        self.language = language
        self.meaning = compiled.judge(self.answers).answers if self.answers else {}
        self.errors: dict[str, str] = {}
        for problem in problems:
            self.errors.setdefault(problem.name, sentence(compiled.told(problem), self.words))
        self.meant = of_values(problems, self.answers)

    def sections(self) -> list[SectionField]:
        """All steps."""
        return [self._section(section) for section in self.compiled.sections]

    def _section(self, section: Section) -> SectionField:
        words = self.words.of(f"sections.{section.id}")
        fields = [self.of(question) for question in section.questions]
        return SectionField(section.id, words.text("title", section.title), words.text("help", section.help), fields)

    def of(self, question: Question) -> FormField:
        """One question of the form."""
        words = self.words.of(f"questions.{question.id}")
        return self.field(question, question.id, self.answers.get(question.id), words)

    def field(
        self, question: Question, name: str, value: Any, words: Words, row: Mapping[str, Any] | None = None
    ) -> FormField:
        """One question, also inside another; `row` is what conditions read before all other answers."""
        field = self.part(
            name,
            words.text("label", question.label),
            question.control,
            value=question.fields(value).get("", ""),
            help=words.text("help", question.help),
            required=question.required,
            when=question.when,
            when_text=words.text("when_text", question.when_text),
            off=self.is_off(question.when, row),
            attrs=question.attrs,
        )
        question.draw(field, value, words, self)
        return field

    def part(self, name: str, label: str, control: Control = TEXT, **given: Any) -> FormField:
        """A field with what is wrong in it and what was said to be meant."""
        return FormField(name, label, control, error=self.errors.get(name, ""), meant=self.meant.get(name, ()), **given)

    def is_off(self, when: str, row: Mapping[str, Any] | None = None) -> bool:
        """Whether a condition does not hold for the answers so far; the page then begins with the question hidden."""
        if not when:
            return False
        try:
            return not compile_expression(when).holds({**self.compiled.context(self.meaning), **(row or {})})
        except ExpressionFailed:
            return False

    def say(self, message: str) -> str:
        """A text of the interface."""
        return gettext(message)
