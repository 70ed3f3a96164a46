"""Open data: what may never be published of a person."""

from collections.abc import Iterator

from madoguchi.platform.definitions import Fault

from .subject import Subject

REMEDY = "remove the column; publish only what the facility or the corporation is known by."


def published(subject: Subject) -> Iterator[Fault]:
    """Columns that publish a day of birth, a person's home address, a telephone number or an e-mail address."""
    columns = subject.procedure.open_data.columns if subject.procedure.open_data else {}
    for column, path in columns.items():
        name, *inside = path.split(".")
        question = subject.answered.get(name)
        for step, ask in subject.procedure.asks.items():
            asked = {one.id for section in ask.form for one in section.questions}
            if name in asked and "public" not in ask.shown_to:
                remedy = f"add public to shown_to of asks.{step}, or remove the column."
                sentence = f"{path} is asked at step {step}, whose answers the public is not shown"
                yield subject.fault(("open_data", "columns", column), sentence, remedy)
        if question and (secret := question.secret(inside)):
            yield subject.fault(("open_data", "columns", column), f"{path} publishes {secret}", REMEDY)
