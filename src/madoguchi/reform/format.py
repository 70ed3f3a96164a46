"""The format of reform projects and indicators as data: `projects/<edition>/*.yaml`, `indicators/*.yaml`. No Django.

A statement about a real government carries its source; a fictional edition belongs to the demo town and says so.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from madoguchi.foundation.languages import in_language, side_by_side

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
Ref = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$")]
Moment = Annotated[str, Field(pattern=r"^(|FY\d{4}|\d{4}|\d{4}-\d{2}|\d{4}-\d{2}-\d{2})$")]
"""A day, month, year or fiscal year, as exact as the source is; empty where it does not say."""
Keyword = Literal["speed", "open", "design", "agile", "visible"]
Less = Literal["paper", "seal", "fax", "cash", "touch"]
KEYWORDS: tuple[Keyword, ...] = ("speed", "open", "design", "agile", "visible")
LESSES: tuple[Less, ...] = ("paper", "seal", "fax", "cash", "touch")


class Strict(BaseModel):
    """A part of the format; a misspelt key is a fault, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(side_by_side(Strict, source=600, longest=2000, by="key")):  # type: ignore[misc]
    """A text in three languages; Japanese is the source and stands in where another is missing."""

    def in_language(self, language: str) -> str:
        """The text in a language."""
        return in_language(self, language)


def _words(given: Any) -> Any:
    return {"ja": given} if isinstance(given, str) else given


Text = Annotated[Words, BeforeValidator(_words)]


class Statement(Strict):
    """Something that is so, from when, and who says it."""

    on: Moment = ""
    text: Text
    source: str = ""


class Goal(Strict):
    """What is to be reached, by when, and the indicator that shows it."""

    id: Code
    text: Text
    due: Moment = ""
    indicator: str = ""
    source: str = ""


class Evidence(Strict):
    """Why a keyword may be claimed: for `visible`, an indicator."""

    text: Text
    indicator: str = ""
    source: str = ""


class Claim(Strict):
    """A keyword of the strategy. Without evidence it is shown as claimed only."""

    tag: Keyword
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _seen(self) -> "Claim":
        if self.tag == "visible" and any(not one.indicator for one in self.evidence):
            raise ValueError("the evidence of `visible` is an indicator: name its code")
        return self


class Edition(Strict):
    """One edition of a strategy."""

    code: Code
    name: Text
    published: Moment
    succeeds: str = ""
    fictional: bool
    sources: tuple[str, ...]
    note: Text

    @model_validator(mode="after")
    def _sourced(self) -> "Edition":
        if not self.fictional and not self.sources:
            raise ValueError("an edition that is not fictional names its sources")
        return self


class Project(Strict):
    """One project of an edition. `owner` is the office of this town that keeps the page and answers."""

    code: Code
    kind: Literal["core", "theme", "leading"]
    number: int | None = Field(None, ge=1, le=99)
    name: Text
    owner: Code
    theme: str = ""
    succeeds: tuple[Ref, ...] = ()
    modelled_on: tuple[Ref, ...] = ()
    goals: tuple[Goal, ...] = ()
    milestones: tuple[Statement, ...] = ()
    results: tuple[Statement, ...] = ()
    keywords: tuple[Claim, ...] = ()
    sources: tuple[str, ...]


class Value(Strict):
    """One published number. Two sources that disagree are two values of the same date."""

    as_of: Moment
    value: float
    numerator: float | None = None
    denominator: float | None = None
    note: Text | None = None
    source: str = Field(min_length=2)


class Target(Strict):
    """What the number should be, and by when."""

    value: float
    by: Moment
    source: str = ""


class Indicator(Strict):
    """A number that is always counted the same way.

    `compute` names a registered function over the record (`measures.py`); `entered`: officers enter it with evidence;
    `history` holds published values. `better` says which way is good.
    """

    code: Code
    name: Text
    definition: Text
    unit: Text
    numerator: Text | None = None
    denominator: Text | None = None
    exclusions: Text | None = None
    base: Moment = ""
    better: Literal["up", "down"] = "up"
    less: Less | None = None
    fictional: bool
    compute: str = ""
    entered: bool = False
    source: str = Field(min_length=2)
    targets: tuple[Target, ...] = ()
    history: tuple[Value, ...] = ()

    @model_validator(mode="after")
    def _has_an_origin(self) -> "Indicator":
        if bool(self.compute) + self.entered + bool(self.history) != 1:
            raise ValueError("an indicator is computed, entered, or has a history: exactly one of the three")
        return self
