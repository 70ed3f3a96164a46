"""Examples: `procedures/<code>/examples/*.yaml`, applications with their expected judgement; they run as tests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from madoguchi.foundation.expressions import ExpressionFailed
from madoguchi.platform.definitions import DefinitionRefused, Fault, read

from ..compiled import Compiled
from ..judgement import Judgement
from ..questions.base import Strict


class Accepted(Strict):
    """The application is complete and right; `fee` is what it costs in yen, null where nothing is charged."""

    accepted: Literal[True]
    fee: int | None = None


class ExpectedProblem(Strict):
    """One thing wrong: where (a JSON pointer into the answers) and what (a code of `messages.py`)."""

    pointer: str
    code: str


class NotAccepted(Strict):
    """The application has exactly these problems."""

    accepted: Literal[False]
    problems: tuple[ExpectedProblem, ...] = Field(min_length=1)


class Example(Strict):
    """One application and how it is judged. `title` is a sentence that says what it shows.

    `steps` are answers to what the steps of an accepted one ask, all of them good.
    """

    title: str = Field(min_length=4, max_length=200)
    answers: dict[str, Any]
    steps: dict[str, dict[str, Any]] = Field(default_factory=dict)
    outcome: Annotated[Accepted | NotAccepted, Field(discriminator="accepted")]


def read_example(file: Path) -> Example:
    """One example; unquoted days become ISO texts, as in JSON. Raises DefinitionRefused."""
    source = read(file)
    try:
        return Example.model_validate(json.loads(json.dumps(source.tree, default=str)))
    except ValidationError as refused:
        told = refused.errors()
        raise DefinitionRefused(
            Fault(file, source.line(error["loc"]), f"{'.'.join(map(str, error['loc']))}: {error['msg']}", REMEDY)
            for error in told
        ) from refused


REMEDY = "write title, answers and outcome as procedures/README.md shows."


def load_examples(folder: Path) -> list[tuple[Path, Example]]:
    """The examples of one procedure by file name; none where it has no folder. Raises DefinitionRefused."""
    return [(file, read_example(file)) for file in sorted((folder / "examples").glob("*.yaml"))]


def difference(compiled: Compiled, example: Example) -> list[str]:
    """How the judgement differs from the expected one, a sentence each; empty when it is exactly as expected."""
    judgement = compiled.judge(example.answers)
    found = {(problem.pointer, problem.code) for problem in judgement.problems}
    if isinstance(example.outcome, NotAccepted):
        expected = {(problem.pointer, problem.code) for problem in example.outcome.problems}
        missed = [f"expected {code} at {pointer}, but it was not found" for pointer, code in sorted(expected - found)]
        strange = [f"found {code} at {pointer}, which was not expected" for pointer, code in sorted(found - expected)]
        return missed + strange
    if found:
        return [f"expected to be accepted, but {code} at {pointer}" for pointer, code in sorted(found)]
    return [*_other_fee(compiled, judgement.answers, example.outcome.fee), *_at_steps(compiled, judgement, example)]


def _at_steps(compiled: Compiled, judgement: Judgement, example: Example) -> Iterator[str]:
    before = dict(judgement.answers)
    for step, answers in example.steps.items():
        if step not in compiled.procedure.asks:
            yield f"step {step} asks nothing"
            continue
        judged = compiled.at(step).judge(answers, before)
        yield from (f"expected to be accepted at step {step}, but {p.code} at {p.pointer}" for p in judged.problems)
        before |= judged.answers


def _other_fee(compiled: Compiled, answers: dict[str, Any], expected: int | None) -> list[str]:
    try:
        fee = compiled.fee(answers)
    except ExpressionFailed as failed:
        return [f"the fee cannot be reckoned: {failed.detail}"]
    return [] if fee == expected else [f"expected the fee {expected}, but it is {fee}"]
