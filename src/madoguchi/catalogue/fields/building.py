"""Fields built from questions, values and problems in one language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.foundation.expressions import ExpressionFailed, compile_expression

from ..compiled import Compiled, LanguageOf
from ..format import Section
from ..messages import sentence
from ..problems import Problem
from ..questions import Group, Question
from ..questions.address import LIMITS
from ..questions.date import PARTS, date_fields
from ..questions.number import Money
from ..questions.party import ONLY, OPTIONAL, Party, shown_again
from . import parts
from .field import Field, OptionField, SectionField
from .meant import of_values

Files = Callable[[Sequence[str]], Sequence[Any]]


class FormBuilder:
    """Builds the fields of one procedure for one reader; `files` looks up what was already uploaded.

    `answers` are shown as they are, typed or stored; conditions read what they mean.
    """

    def __init__(
        self,
        compiled: Compiled,
        language: str,
        answers: Mapping[str, Any] | None = None,
        problems: Sequence[Problem] = (),
        files: Files = lambda ids: (),
    ) -> None:
        self.compiled, self.words, self.answers, self.files = compiled, compiled.words(language), answers or {}, files
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
        fields = [self.field(question) for question in section.questions]
        return SectionField(section.id, words.text("title", section.title), words.text("help", section.help), fields)

    def field(self, question: Question) -> Field:
        """One question of the form."""
        words = self.words.of(f"questions.{question.id}")
        return self._build(question, question.id, self.answers.get(question.id), words)

    def _off(self, when: str, row: Mapping[str, Any] | None = None) -> bool:
        """Whether a condition does not hold for the answers so far; the page then begins with the question hidden."""
        if not when:
            return False
        try:
            return not compile_expression(when).holds({**self.compiled.context(self.meaning), **(row or {})})
        except ExpressionFailed:
            return False

    def _build(
        self, question: Question, name: str, value: Any, words: LanguageOf, row: Mapping[str, Any] | None = None
    ) -> Field:
        shown = question.fields(value)
        built = Field(
            name=name,
            label=words.text("label", question.label),
            control=parts.control(question),
            value=shown.get("", ""),
            help=words.text("help", question.help),
            required=question.required,
            error=self.errors.get(name, ""),
            when=question.when,
            when_text=words.text("when_text", question.when_text),
            off=self._off(question.when, row),
            unit=_("円") if isinstance(question, Money) else words.text("unit", getattr(question, "unit", "")),
            text=words.text("text", getattr(question, "text", "")),
            options=parts.options(question, words),
            attrs=parts.attrs(question),
        )
        match question.control:
            case "date":
                built.children = self._date(name, value)
            case "address":
                built.children = self._address(name, parts.parts(value), question.required)
            case "text" | "textarea":
                built.meant = self.meant.get(name, ())
            case "party" if isinstance(question, Party):
                built.children = self._party(question, name, parts.parts(value))
            case "group" if isinstance(question, Group):
                built.rows = self._rows(question, name, built.value, words)
                built.label = words.text("label", question.label)
                built.text = words.text("row_label", question.row_label)
            case "file":
                built.files = self.files(built.value) if built.value else ()
        return built

    def _rows(self, group: Group, name: str, value: Sequence[Any], words: LanguageOf) -> list[list[Field]]:
        count = max(len(value), group.min_rows, 1)
        rows = [parts.parts(value[index]) if index < len(value) else {} for index in range(count)]
        meaning = [*self.meaning.get(group.id, ()), *({} for _missing in rows)]
        return [
            [
                self._build(
                    question,
                    f"{name}.{index}.{question.id}",
                    row.get(question.id),
                    words.of(f"rows.{question.id}"),
                    group.row_in_rules(meaning[index]),
                )
                for question in group.questions
            ]
            for index, row in enumerate(rows)
        ]

    def _date(self, name: str, value: Any) -> list[Field]:
        labels = {"era": _("元号"), "year": _("年"), "month": _("月"), "day": _("日")}
        shown = date_fields(value) if value else {"era": parts.ERAS[0]}
        return [
            Field(
                name=f"{name}.{part}",
                label=labels[part],
                control="select" if part == "era" else "text",
                value=shown.get(part, ""),
                error=self.errors.get(f"{name}.{part}", ""),
                options=parts.eras() if part == "era" else (),
                attrs={} if part == "era" else {"inputmode": "numeric"},
            )
            for part in PARTS
        ]

    def _address(self, name: str, value: Mapping[str, str], required: bool) -> list[Field]:
        labels = {
            "postal_code": _("郵便番号"),
            "prefecture": _("都道府県"),
            "town": _("市区町村・町名"),
            "street": _("番地"),
            "building": _("建物名・部屋番号"),
        }
        fields = [
            Field(
                name=f"{name}.{part}",
                label=labels[part],
                control="select" if part == "prefecture" else "text",
                value=parts.known(part, value.get(part, "")),
                required=required and part != "building",
                error=self.errors.get(f"{name}.{part}", ""),
                options=parts.prefectures(self.words.language) if part == "prefecture" else (),
                attrs=parts.ADDRESS_ATTRS[part],
                meant=self.meant.get(f"{name}.{part}", ()),
            )
            for part in LIMITS
        ]
        return [fields[0], parts.places(name, value), *fields[1:]]

    def _party(self, party: Party, name: str, value: Mapping[str, Any]) -> list[Field]:
        fields = [self._kind(party, name, value)] if len(party.kinds) > 1 else []
        for part in party.asked_of_any():
            built = self._party_part(part, f"{name}.{part}", value.get(part))
            if len(party.kinds) > 1 and part in ONLY:
                built.when = f"{party.id}.kind == '{ONLY[part]}'"
                built.when_text = _("法人の場合") if ONLY[part] == "corporation" else _("個人の場合")
                built.off = self._off(built.when)
            fields.append(built)
        return fields

    def _kind(self, party: Party, name: str, value: Mapping[str, Any]) -> Field:
        labels = {"person": _("個人"), "corporation": _("法人")}
        return Field(
            name=f"{name}.kind",
            label=_("個人・法人の別"),
            control="radios",
            value=value.get("kind", ""),
            error=self.errors.get(f"{name}.kind", ""),
            options=[OptionField(kind, labels[kind]) for kind in party.kinds],
        )

    def _party_part(self, part: str, name: str, value: Any) -> Field:
        labels = {
            "name": _("氏名または名称"),
            "kana": _("フリガナ"),
            "corporate_number": _("法人番号"),
            "representative": _("代表者の氏名"),
            "birth_date": _("生年月日"),
            "address": _("住所または所在地"),
            "phone": _("電話番号"),
            "email": _("メールアドレス"),
        }
        built = Field(
            name=name,
            label=labels[part],
            help=_(parts.KANA_HELP) if part == "kana" else "",
            control={"birth_date": "date", "address": "address"}.get(part, "text"),
            value=shown_again(part, value or ""),
            required=part not in OPTIONAL,
            error=self.errors.get(name, ""),
            attrs=parts.PARTY_ATTRS.get(part, {}),
            meant=self.meant.get(name, ()),
        )
        if part == "birth_date":
            built.children = self._date(name, value)
        if part == "address":
            built.children = self._address(name, parts.parts(value), True)
        return built
