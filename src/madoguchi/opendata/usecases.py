"""The use-case gallery: `usecases/*.yaml`, read and checked with file, line and remedy."""

from functools import cache
from pathlib import Path
from typing import Annotated

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from madoguchi.foundation.languages import in_language, side_by_side
from madoguchi.platform.definitions import DefinitionRefused, Fault, read

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Said(side_by_side(BaseModel, source=600, longest=600)):  # type: ignore[misc]
    """A text in the three languages."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)

    def in_language(self, language: str) -> str:
        """The text in a language."""
        return in_language(self, language)


class UseCase(BaseModel):
    """Something made with the data: what, by whom, from which datasets."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    title: Said
    what: Said
    by: Said
    datasets: list[Code] = Field(min_length=1)
    link: str = Field(default="", pattern=r"^(https://[^\s\"<>]+)?$", max_length=300)
    since: str = Field(pattern=r"^\d{4}(-\d{2})?$")
    fictional: bool = False


def read_all(folder: Path) -> tuple[list[UseCase], list[Fault]]:
    """Every entry that can be shown, newest first, and every fault."""
    found: list[UseCase] = []
    faults: list[Fault] = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            source = read(file)
            one = UseCase.model_validate(source.tree)
        except DefinitionRefused as refused:
            faults += refused.faults
        except ValidationError as refused:
            faults += [
                Fault(file, source.line(error["loc"]), f"{'.'.join(map(str, error['loc']))}: {error['msg']}", REMEDY)
                for error in refused.errors()
            ]
        else:
            if one.code != file.stem:
                sentence = "the code is not the file's name"
                faults.append(Fault(file, source.line(("code",)), sentence, "make them one."))
            found.append(one)
    return sorted(found, key=lambda one: (one.since, one.code), reverse=True), faults


REMEDY = "usecases/README.md explains the keys."


def check(folder: Path) -> list[Fault]:
    """Every fault of the gallery; empty when it may be shown."""
    return read_all(folder)[1]


@cache
def gallery() -> list[UseCase]:
    """The entries of this installation, read once in a process. Raises DefinitionRefused."""
    found, faults = read_all(settings.USECASES_DIR)
    if faults:
        raise DefinitionRefused(faults)
    return found
