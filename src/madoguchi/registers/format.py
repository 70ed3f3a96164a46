"""The format of a register: `registers/<code>/register.yaml`. Its columns are questions, as a form has them."""

from typing import Final

from pydantic import Field, model_validator

from madoguchi.catalogue.format import Code, ItemId, Law, OpenData, Retention, Sentence
from madoguchi.catalogue.questions import AnyQuestion, Question
from madoguchi.catalogue.questions.base import Strict

LONGEST_NAME: Final = 60
LONGEST_NUMBER: Final = 40


class Renewal(Strict):
    """How what stands here is continued.

    `keeps_force`: whether what ends stays in force while a renewal that arrived in time is undecided, by that law.
    """

    keeps_force: bool = False
    law: Law | None = None

    @model_validator(mode="after")
    def _by_law(self) -> "Renewal":
        if self.keeps_force and self.law is None:
            raise ValueError("keeps_force needs the law that says so")
        return self


class Register(Strict):
    """One register: what it keeps of each holding, who may read what of it, and for how long.

    `name_column` is the column by which people call a holding, `holder` the party whose right it is.
    `letters`: calendar days before the end at which the holder is written to.
    """

    code: Code
    name: str = Field(min_length=2, max_length=LONGEST_NAME)
    summary: Sentence
    bureau: str
    office: str
    law: tuple[Law, ...] = Field(min_length=1)
    columns: tuple[AnyQuestion, ...] = Field(min_length=1)
    name_column: ItemId
    holder: ItemId
    public: tuple[ItemId, ...] = Field((), description="Columns that anybody may read by a holding's number.")
    one_each: bool = Field(False, description="Whether nobody may have two that are in force.")
    renewal: Renewal | None = None
    letters: tuple[int, ...] = ()
    retention: Retention = Field(description="Years after a holding ended.")
    open_data: OpenData | None = None

    @model_validator(mode="after")
    def _columns_exist(self) -> "Register":
        ids = [column.id for column in self.columns]
        named = {"name_column": [self.name_column], "holder": [self.holder], "public": self.public}
        for key, wanted in named.items():
            if strange := sorted(set(wanted) - set(ids)):
                raise ValueError(f"{key} names {', '.join(strange)}, which is no column; use one of: {', '.join(ids)}")
        if len(ids) != len(set(ids)):
            raise ValueError("each column has an id of its own")
        return self

    @property
    def by_id(self) -> dict[str, Question]:
        """Column by id."""
        return {column.id: column for column in self.columns}
