"""What people asked to be published, and what the offices answered (`opendata`): one request in each state."""

from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from madoguchi.foundation.dates import add_open_days
from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.models.requests import DataRequest, State, Step
from madoguchi.opendata.requests.actions import ANSWER_DAYS
from madoguchi.people.models import Role
from madoguchi.town.offices import town

from .dossier import ZONE
from .staff import Staff


class _Wish(NamedTuple):
    title: str
    purpose: str
    days_ago: int
    states: tuple[State, ...]
    answer: str = ""


WISHES: Final = (
    _Wish(
        "手続ごとの処理日数", "申請の計画を立てるために使います（見本）。", 60, (State.AT_OFFICE, State.OPENED),
        "公開しているデータにあります。",
    ),
    _Wish(
        "窓口の待ち時間", "混む時間をさけて案内するために使います（見本）。", 40, (State.AT_OFFICE, State.REFUSED),
        "記録を始めたばかりのため、まだ公開できません。",
    ),
    _Wish("公園の遊具の一覧", "小さい子と行く公園を選ぶために使います（見本）。", 9, (State.AT_OFFICE,)),
    _Wish("道路工事の予定", "配達の道順を決めるために使います（見本）。", 3, (State.AT_OFFICE,)),
    _Wish("施設の来館者数", "地域の催しの計画に使います（見本）。", 1, ()),
)  # fmt: skip


def write_requests(day: date) -> None:
    """The requests with their steps, as if on their days; no address is kept, so no letter follows."""
    staff, offices = Staff(), list(town().offices)
    public = Dataset.objects.filter(is_public=True).order_by("code").first()
    for number, wish in enumerate(WISHES):
        states = tuple(state for state in wish.states if state != State.OPENED or public)
        office = offices[number % len(offices)] if states else ""
        asked = _asked(day - timedelta(days=wish.days_ago), wish, number, states, office, public)
        officer = staff.of(office, Role.OFFICER, number) if office else None
        for after, state in enumerate(states, 1):
            reason = wish.answer if state in (State.OPENED, State.REFUSED) else ""
            at = asked.at + timedelta(days=after) if wish.days_ago > 2 else asked.at
            Step.objects.create(request=asked, state=state, office=office, reason=reason, by_id=officer, at=at)


def _asked(
    day: date, wish: _Wish, number: int, states: tuple[State, ...], office: str, public: Dataset | None
) -> DataRequest:
    at, state = datetime.combine(day, time(10), ZONE), states[-1] if states else State.RECEIVED
    asked = DataRequest.objects.create(
        title=wish.title, purpose=wish.purpose, key=f"invented-{number}", body="0" * 64, at=at, state=state,
        due=add_open_days(day, ANSWER_DAYS), office=office, dataset=public if state == State.OPENED else None,
    )  # fmt: skip
    Step.objects.create(request=asked, state=State.RECEIVED, at=at)
    return asked
