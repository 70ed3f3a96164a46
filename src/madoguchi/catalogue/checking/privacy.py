"""Open data: what may never be published of a person."""

from collections.abc import Iterator

from madoguchi.platform.definitions import Fault

from ..questions import Party, Question
from ..questions.address import Address
from ..questions.contact import Email, Phone
from .subject import Subject

NEVER = frozenset({"birth_date", "phone", "email"})
PERSONAL_LABEL = ("生年月日", "住所", "自宅", "居所", "誕生日", "年齢")
FACILITY = ("営業所", "事業所", "事務所", "施設", "店舗", "工場")
"""Words in the label of a telephone number or e-mail address that belongs to a place of business."""
REMEDY = "remove the column; publish only what the facility or the corporation is known by."


def published(subject: Subject) -> Iterator[Fault]:
    """Columns that publish a day of birth, a person's home address, a telephone number or an e-mail address."""
    columns = subject.procedure.open_data.columns if subject.procedure.open_data else {}
    for column, path in columns.items():
        name, *inside = path.split(".")
        question = subject.answered.get(name)
        if question and (secret := _secret(question, inside)):
            yield subject.fault(("open_data", "columns", column), f"{path} publishes {secret}", REMEDY)


def _secret(question: Question, inside: list[str]) -> str:
    if isinstance(question, (Email, Phone)):
        return "" if any(word in question.label for word in FACILITY) else "how to reach a person"
    if isinstance(question, Party):
        return _of_party(question, inside)
    if question.type == "group":
        return "all that its rows hold"
    personal = isinstance(question, Address) or question.type == "date"
    return "what belongs to a person" if personal and any(word in question.label for word in PERSONAL_LABEL) else ""


def _of_party(party: Party, inside: list[str]) -> str:
    if not inside:
        return "all that is known of the applicant: name a part"
    if inside[0] in NEVER:
        return "how old a person is" if inside[0] == "birth_date" else "how to reach a person"
    return "a person's home address" if inside[0] == "address" and "person" in party.kinds else ""
