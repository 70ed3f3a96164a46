"""Form fields as the templates of `design` want them: built from questions, values and problems in one language."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from madoguchi.foundation.expressions import ExpressionFailed, compile_expression
from madoguchi.foundation.postal import PREFECTURES, prefecture_of

from . import insistence
from .compiled import Compiled, LanguageOf
from .format import Section
from .messages import sentence
from .problems import Problem
from .questions import Group, Question
from .questions.address import CHOSEN, LIMITS, places_of
from .questions.date import PARTS, date_fields
from .questions.number import Money
from .questions.party import ONLY, OPTIONAL, Party, shown_again

KIND_NAMES = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG"}
ERAS = ("西暦", "令和", "平成", "昭和", "大正", "明治")


KANA_HELP = marked(
    "読み方をカタカナで書きます。アルファベットの名前は、聞こえるとおりに書きます（例：John Smith は ジョン スミス）。"
)


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
        self.meant = _meant(problems, self.answers)

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
            control=_control(question),
            value=shown.get("", ""),
            help=words.text("help", question.help),
            required=question.required,
            error=self.errors.get(name, ""),
            when=question.when,
            when_text=words.text("when_text", question.when_text),
            off=self._off(question.when, row),
            unit=_("円") if isinstance(question, Money) else words.text("unit", getattr(question, "unit", "")),
            text=words.text("text", getattr(question, "text", "")),
            options=_options(question, words),
            attrs=_attrs(question),
        )
        match question.control:
            case "date":
                built.children = self._date(name, value)
            case "address":
                built.children = self._address(name, _parts(value), question.required)
            case "text" | "textarea":
                built.meant = self.meant.get(name, ())
            case "party" if isinstance(question, Party):
                built.children = self._party(question, name, _parts(value))
            case "group" if isinstance(question, Group):
                built.rows = self._rows(question, name, built.value, words)
                built.label = words.text("label", question.label)
                built.text = words.text("row_label", question.row_label)
            case "file":
                built.files = self.files(built.value) if built.value else ()
        return built

    def _rows(self, group: Group, name: str, value: Sequence[Any], words: LanguageOf) -> list[list[Field]]:
        count = max(len(value), group.min_rows, 1)
        rows = [_parts(value[index]) if index < len(value) else {} for index in range(count)]
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
        shown = date_fields(value) if value else {"era": ERAS[0]}
        return [
            Field(
                name=f"{name}.{part}",
                label=labels[part],
                control="select" if part == "era" else "text",
                value=shown.get(part, ""),
                error=self.errors.get(f"{name}.{part}", ""),
                options=_eras() if part == "era" else (),
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
                value=_known(part, value.get(part, "")),
                required=required and part != "building",
                error=self.errors.get(f"{name}.{part}", ""),
                options=_prefectures(self.words.language) if part == "prefecture" else (),
                attrs=ADDRESS_ATTRS[part],
                meant=self.meant.get(f"{name}.{part}", ()),
            )
            for part in LIMITS
        ]
        return [fields[0], _places(name, value), *fields[1:]]

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
            help=_(KANA_HELP) if part == "kana" else "",
            control={"birth_date": "date", "address": "address"}.get(part, "text"),
            value=shown_again(part, value or ""),
            required=part not in OPTIONAL,
            error=self.errors.get(name, ""),
            attrs=PARTY_ATTRS.get(part, {}),
            meant=self.meant.get(name, ()),
        )
        if part == "birth_date":
            built.children = self._date(name, value)
        if part == "address":
            built.children = self._address(name, _parts(value), True)
        return built


def meant_labels() -> dict[str, str]:
    """What a person says of a value that only looks wrong, by the problem's code."""
    return {
        "my-number": _("この番号はマイナンバーではありません"),
        "prefecture-elsewhere": _("この都道府県で間違いありません"),
        "town-elsewhere": _("この市区町村で間違いありません"),
        "unknown-postal-code": _("この郵便番号で間違いありません"),
    }


def _meant(problems: Sequence[Problem], answers: Mapping[str, Any]) -> dict[str, list[Meant]]:
    """By field: what may be insisted on now, and what was insisted on before of the same value."""
    labels = meant_labels()
    boxes = {(code, name): (mark, True) for code, name, mark in insistence.places(answers)}
    for one in problems:
        if one.code in insistence.MAY_BE_MEANT:  # told again: what was said before was said of another value
            boxes[one.code, one.name] = (str(one.params.get(insistence.MARK, "")), False)
    found: dict[str, list[Meant]] = {}
    for (code, name), (mark, is_checked) in sorted(boxes.items()):
        said = f"{code} /{name.replace('.', '/')} {mark}".rstrip()
        box = Meant(said, f"{name.replace('.', '-')}-{code}", labels.get(code, ""), is_checked)
        found.setdefault(name, []).extend([box] if box.label else [])
    return found


def _known(part: str, value: Any) -> Any:
    """A prefecture as its list has it; anything else as it is."""
    return prefecture_of(value) or value if part == "prefecture" and isinstance(value, str) else value


@cache
def _prefectures(language: str) -> tuple[OptionField, ...]:
    shown = PREFECTURES.items()
    return tuple(OptionField(name, f"{name} {latin}" if language == "en" else name) for name, latin in shown)


def _places(name: str, value: Mapping[str, str]) -> Field:
    """The places of a code that has several; the form's script shows it as soon as the code is typed."""
    found = places_of(str(value.get("postal_code", "")))
    several = found if len(found) > 1 and not (value.get("prefecture") and value.get("town")) else ()
    options = [OptionField(f"{one.prefecture}|{one.name}", f"{one.prefecture}{one.name}") for one in several]
    label = _("郵便番号にあてはまる場所")
    return Field(f"{name}.{CHOSEN}", label, "places", required=False, options=options)


ADDRESS_ATTRS: Mapping[str, Mapping[str, str]] = {
    "postal_code": {"inputmode": "numeric", "autocomplete": "postal-code"},
    "prefecture": {"autocomplete": "address-level1"},
    "town": {"autocomplete": "address-level2"},
    "street": {"autocomplete": "address-line1"},
    "building": {"autocomplete": "address-line2"},
}
PARTY_ATTRS: Mapping[str, Mapping[str, str]] = {
    "name": {"autocomplete": "name"},
    "corporate_number": {"inputmode": "numeric"},
    "phone": {"inputmode": "tel", "autocomplete": "tel"},
    "email": {"inputmode": "email", "autocomplete": "email", "type": "email"},
}


def _parts(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _eras() -> list[OptionField]:
    # The first says what a year alone must be, because it is what a page shows before anybody has chosen.
    return [OptionField(ERAS[0], _("西暦（4桁）")), *(OptionField(era, _(era)) for era in ERAS[1:])]


def _control(question: Question) -> str:
    return "select" if question.type == "choice" and len(question.choices()) > 7 else question.control


def _options(question: Question, words: LanguageOf) -> list[OptionField]:
    if question.type == "yes-no":
        return [OptionField("yes", _("はい")), OptionField("no", _("いいえ"))]
    return [
        OptionField(
            option.id,
            words.text(f"options.{option.id}", option.label),
            words.text(f"option_help.{option.id}", option.help),
        )
        for option in question.choices()
    ]


def _attrs(question: Question) -> Mapping[str, str]:
    # No maxlength: a browser would cut pasted text silently; the server says what is too long.
    by_type: Mapping[str, Mapping[str, str]] = {
        "number": {"inputmode": "decimal" if getattr(question, "decimals", 0) else "numeric"},
        "money": {"inputmode": "numeric"},
        "email": {"inputmode": "email", "autocomplete": "email", "type": "email"},
        "phone": {"inputmode": "tel", "autocomplete": "tel"},
        "long-text": {"rows": "5"},
        "file": {
            "accept": ",".join(f".{kind}" for kind in getattr(question, "accept", ())).replace(".jpeg", ".jpg,.jpeg"),
            "takes": " ".join(getattr(question, "accept", ())),
            "kinds": "・".join(KIND_NAMES[kind] for kind in getattr(question, "accept", ())),
            "max_files": str(getattr(question, "max_files", "")),
            "max_mb": str(getattr(question, "max_mb", "")),
        },
    }
    return by_type.get(question.type, {})
