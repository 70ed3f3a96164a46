"""Facilities that can be booked, in the columns of 自治体標準オープンデータセット (公共施設).

`facilities/<code>/facility.yaml` belongs to the bookings; only what every such file says is read here: name, address,
place on the map, telephone. Another reader of facilities is connected by giving it to `sources`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from madoguchi.foundation import yaml12
from madoguchi.town.offices import raw_town, town

from ..columns import Column, Row
from .base import Source

_TEXTS: Final = ("全国地方公共団体コード", "ID", "地方公共団体名", "名称", "名称_カナ", "名称_英語", "所在地_連結表記")
COLUMNS: Final = (
    *(Column(name) for name in _TEXTS),
    *(Column(name, "number") for name in ("緯度", "経度")),
    *(Column(name) for name in ("電話番号", "URL", "備考")),
)
Facility = Mapping[str, Any]


def from_folder() -> Iterator[tuple[str, Facility]]:
    """(code, definition) of every facility of this installation."""
    folder: Path = settings.FACILITIES_DIR
    for path in sorted(folder.glob("*/facility.yaml")):
        tree = yaml12.load(path.read_text(encoding="utf-8"))
        if isinstance(tree, dict):
            yield str(tree.get("code") or path.parent.name), tree


def sources(facilities: Callable[[], Iterable[tuple[str, Facility]]] = from_folder) -> Iterator[Source]:
    """The one dataset; none while there is no facility."""
    if next(iter(facilities()), None) is None:
        return
    yield Source(
        code="facilities",
        title=("予約できる施設の一覧", "Facilities that can be booked", "予約（よやく）できる 施設の 一覧"),
        description=(
            "この窓口で予約できる施設の名前、場所、電話番号です。",
            "Names, places and telephone numbers of the facilities that can be booked here.",
            "この 窓口で 予約できる 施設の 名前と 場所です。",
        ),
        office="reform",
        theme="culture",
        columns=COLUMNS,
        key=("ID",),
        rows=lambda: rows(facilities()),
        tags=("公共施設",),
    )


def rows(facilities: Iterable[tuple[str, Facility]]) -> Iterator[Row]:
    """One row for each facility."""
    code = str(raw_town().get("local_government_code", ""))
    for name, facility in facilities:
        said = facility.get("name")
        names = said if isinstance(said, dict) else {"ja": said, "en": facility.get("name_en")}
        place = facility.get("location") if isinstance(facility.get("location"), dict) else facility
        yield (
            code, name, town().name, _text(names.get("ja")), _text(facility.get("kana")), _text(names.get("en")),
            _text(facility.get("address")), _degrees(place, "latitude"), _degrees(place, "longitude"),
            _text(facility.get("phone")), _text(facility.get("url")), None,
        )  # fmt: skip


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("ja")
    return None if value in (None, "") else str(value)


def _degrees(place: Any, name: str) -> float | None:
    value = place.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
