"""What the demo town's people would have entered by now, so that its boards are not empty. Everything is invented.

It is written as if on its day: actions take the moment of now, and a report of the summer must not look late for
having been made up in the autumn. One report is late, and one is missing, because that must be seen too.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from madoguchi.people.models import Officer, Post, Role
from madoguchi.platform.calendar import today
from madoguchi.town.offices import town

from .kept import kept
from .models import Entry, Item, Reply, Report, State, Voice
from .rules import ended, months_before

EDITION: Final = "minatono-1"
REPORTS: Final[Mapping[str, tuple[tuple[str, str, int], ...]]] = {
    "paperless-counter": (
        ("すべての手続の定義を点検し、紙やFAXの求めを調べた。", "点検の結果を定義に反映する。", -9),
        ("点検の結果を反映した。使った用紙は春より減った。", "残るFAX回線の廃止の時期を課ごとに決める。", -5),
    ),
    "procedures-online": (
        ("すべての手続をオンラインで受け付け始めた。", "補正の多い項目を調べ、説明を直す。", -12),
        ("補正の多い項目の説明を直した。", "窓口でも同じ様式を使い、入力の手間を減らす。", 13),
    ),
    "road-sensors": (("許可の場所の一覧を整えた。", "地図での公開の方法を決める。", -3),),
}  # fmt: skip
"""(progress, next, days after the deadline) of each quarter since the edition began; a missing one stays missing."""
VOICES: Final = (5, 4, 4, 3, 5, 2, 4)
SAID: Final = "窓口でも紙に書かずに済むようにしてほしい。"
DID: Final = "窓口の端末で職員と一緒に入力できるようにしました。"
USED: Final[Mapping[str, tuple[int, int]]] = {"sheets-used": (5200, 1300), "faxes-handled": (160, 45)}
"""The first month's number of a bureau, and how much less each bureau after it has."""
ITEMS: Final = (
    ("fax", "chuo-health-center", "医療機関との連絡用の回線", "used"),
    ("fax", "road-management", "現場との連絡用の回線", "digital"),
    ("fax", "hazardous-materials", "夜間の連絡用の回線", "used"),
    ("fax", "legal", "照会用の回線", "abolished"),
    ("seal", "real-estate", "免許証の受領書への押印", "abolished"),
    ("seal", "construction-industry", "財務諸表の写しへの押印", "digital"),
    ("seal", "npo", "定款の写しへの押印", "law"),
    ("charge", "chuo-health-center", "保健所の窓口", "digital"),
    ("charge", "animal-welfare", "動物愛護センターの窓口", "used"),
)  # fmt: skip
_CAUSE: Final = "見直しの結果を反映した。"


@transaction.atomic
def fill() -> None:
    """Reports, ratings, an answer, entered values and the register; nothing where reports exist already."""
    if EDITION not in kept().editions or Report.objects.exists():
        return
    reformer = Officer.objects.filter(posts__role=Role.REFORM).order_by("pk").first()
    if reformer is None:
        return
    _report(reformer)
    _rate(reformer)
    _enter(reformer)
    _register()


def _on(day: date) -> datetime:
    """Ten in the morning of a day, or of today when that has not come."""
    return datetime.combine(min(day, today()), time(10), ZoneInfo(settings.TIME_ZONE))


def _report(reformer: Officer) -> None:
    since = date.fromisoformat(kept().editions[EDITION].published)
    for code, told in REPORTS.items():
        ref = f"{EDITION}/{code}"
        by = _officer_of(kept().projects[ref].owner) or reformer
        for quarter, (progress, following, days) in zip(reversed(ended(since, today())), told, strict=False):
            Report.objects.create(
                project=ref, fiscal_year=quarter.fiscal_year, quarter=quarter.number, progress=progress,
                next=following, by=by, at=_on(quarter.due + timedelta(days=days)),
            )  # fmt: skip


def _officer_of(office: str) -> Officer | None:
    post = Post.objects.filter(office=office, role=Role.OFFICER).select_related("officer").order_by("pk").first()
    return post.officer if post else None


def _rate(reformer: Officer) -> None:
    ref, day = f"{EDITION}/paperless-counter", today()
    reply = Reply.objects.create(project=ref, said=SAID, did=DID, by=reformer, at=_on(day - timedelta(days=7)))
    for number, score in enumerate(VOICES):
        Voice.objects.create(
            project=ref, office=kept().projects[ref].owner, score=score, key=f"demo-{number}-of-the-town",
            at=_on(day - timedelta(days=40 - number)), reply=reply if number < 3 else None,
        )  # fmt: skip


def _enter(reformer: Officer) -> None:
    *months, _this = months_before(today().replace(day=1), 9)
    for code, (most, step) in USED.items():
        for place, bureau in enumerate(list(town().bureaus)[:4]):
            for number, month in enumerate(months):
                value = round((most - step * place) * (1 - 0.07 * number))
                Entry.objects.create(
                    indicator=code, bureau=bureau, month=month, value=Decimal(value),
                    evidence=f"{month.month}月分の集計表（見本）", by=reformer, at=_on(month + timedelta(days=36)),
                )  # fmt: skip


def _register() -> None:
    first = today() - timedelta(days=200)
    for kind, office, label, now in ITEMS:
        by = _officer_of(office)
        if by is None:
            continue
        item = Item.objects.create(kind=kind, office=office, label=label)
        State.objects.create(item=item, value="used", since=first, evidence="備品の台帳（見本）", by=by, at=_on(first))
        if now != "used":
            day = first + timedelta(days=90)
            State.objects.create(
                item=item, value=now, since=day, evidence="廃止などの決定（見本）", cause=_CAUSE, revision=2, by=by,
                at=_on(day),
            )  # fmt: skip
