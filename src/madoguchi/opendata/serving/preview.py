"""What the page of a dataset shows of its rows: the first of them, a chart, and a map where there are coordinates."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

from django.utils.translation import gettext as _

from madoguchi.design.charts import Chart

from ..models.datasets import Version
from ..publishing.columns import identifier
from .conditions import quoted
from .reader import read
from .search import COUNTED, Question, search, table_of

ROWS_SHOWN: Final = 20
BARS: Final = 12
MONTHS_SHOWN: Final = 36
POINTS: Final = 2000
WIDTH, HEIGHT, EDGE = 420, 320, 44
LATITUDE: Final = frozenset({"緯度", "latitude", "lat"})
LONGITUDE: Final = frozenset({"経度", "longitude", "lon", "lng"})
NAMED: Final = frozenset({"名称", "名前", "name", "title"})
MONTHS: Final = frozenset({"month", "月", "年月"})
UNSAID: Final = frozenset({"ID", "id", "unit", "source", "全国地方公共団体コード", "地方公共団体名"})
LEAST_DEGREES: Final = 0.002  # about 200 metres: one place alone is no point without an end
COMMON: Final = """
SELECT attname, most_common_vals::text::text[], most_common_freqs FROM pg_stats,
       LATERAL (SELECT CASE WHEN n_distinct < 0 THEN -n_distinct * %s::bigint ELSE n_distinct END AS n) AS counted
 WHERE schemaname = 'datastore' AND tablename = %s AND attname = ANY (%s::text[]) AND counted.n BETWEEN 2 AND 40
   AND most_common_vals IS NOT NULL
 ORDER BY counted.n"""


@dataclass(frozen=True, slots=True)
class Preview:
    """Some rows as lists, and how many there are that fit."""

    fields: Sequence[Mapping[str, Any]]
    rows: Sequence[Sequence[Any]]
    total: int
    is_estimated: bool


def preview(version: Version, q: str, offset: int = 0) -> Preview:
    """The rows that hold the words, from `offset`. Raises `search.SearchRefused`, `reader.TooSlow`."""
    answer = search(version, Question(q=q, limit=ROWS_SHOWN, offset=offset))
    names = [field["name"] for field in version.fields]
    rows = [[row[name] for name in names] for row in json.loads(answer.records)]
    return Preview(version.fields, rows, answer.total, answer.is_estimated)


def chart(version: Version) -> Chart | None:
    """The published sum by month where there are months, else how many rows have each common value; None of neither."""
    return _by_month(version) or _by_value(version)


def _by_month(version: Version) -> Chart | None:
    month = next((field["name"] for field in version.fields if field["name"] in MONTHS), None)
    counted = next((field for field in version.fields if field["type"] == "integer"), None)
    if month is None or counted is None or version.rows > COUNTED:
        return None
    statement = (
        f"SELECT {quoted(month)}, sum({quoted(counted['name'])})::float8 FROM {table_of(version)}"  # noqa: S608 - quoted
        f" WHERE {quoted(month)} IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT {MONTHS_SHOWN}"
    )
    points = [(str(label), value) for label, value in reversed(read(statement))]
    title = _("%(column)sの合計（公表分）") % {"column": counted.get("title") or counted["name"]}
    return Chart(title, "line", points, "", _("月")) if len(points) > 1 else None


def _by_value(version: Version) -> Chart | None:
    """From the planner's statistics, so that no row is read; they are exact up to about 30,000 rows."""
    texts = {
        identifier(field["name"]): field
        for field in version.fields
        if field["type"] == "string" and field["name"] not in UNSAID
    }
    for column, values, shares in read(COMMON, [version.rows, version.table, list(texts)]):
        points = [(value, float(round(share * version.rows))) for value, share in zip(values, shares, strict=True)]
        if len(points) > 1:
            name = texts[column].get("title") or texts[column]["name"]
            title = _("「%(column)s」ごとの行数") % {"column": name}
            return Chart(title, "bars", points[:BARS], _("行"), name)
    return None


@dataclass(frozen=True, slots=True)
class Map:
    """Places as points (x, y, name) in a picture with the degrees at its edges; no map service is asked."""

    points: Sequence[tuple[float, float, str]]
    west: float
    east: float
    south: float
    north: float

    @staticmethod
    def box() -> str:
        """The `viewBox`."""
        return f"0 0 {WIDTH} {HEIGHT}"


def places(version: Version) -> Map | None:
    """The first `POINTS` rows on a map; None without coordinates."""
    names = [field["name"] for field in version.fields]
    latitude = next((name for name in names if name.casefold() in LATITUDE), None)
    longitude = next((name for name in names if name.casefold() in LONGITUDE), None)
    if latitude is None or longitude is None:
        return None
    label = next((name for name in names if name in NAMED), names[0])
    columns = ", ".join(quoted(name) for name in (latitude, longitude, label))
    rows = read(f"SELECT {columns} FROM {table_of(version)} WHERE _id <= {POINTS}")  # noqa: S608 - quoted
    found = [
        (float(north), float(east), str(name or ""))
        for north, east, name in rows
        if isinstance(north, int | float) and isinstance(east, int | float) and -90 <= north <= 90
    ]
    return _drawn(found) if found else None


def _drawn(found: Sequence[tuple[float, float, str]]) -> Map:
    """On a plane true to its middle: a degree of longitude is as much shorter as the cosine says."""
    south, north = min(one[0] for one in found), max(one[0] for one in found)
    west, east = min(one[1] for one in found), max(one[1] for one in found)
    squeeze = cos(radians((south + north) / 2))
    span = max(north - south, (east - west) * squeeze, LEAST_DEGREES)
    scale = (min(WIDTH, HEIGHT) - 2 * EDGE) / span
    middle = (south + north) / 2, (west + east) / 2
    points = []
    for latitude, longitude, name in found:
        x = WIDTH / 2 + (longitude - middle[1]) * squeeze * scale
        y = HEIGHT / 2 - (latitude - middle[0]) * scale
        points.append((round(x, 1), round(y, 1), name))
    return Map(points, west, east, south, north)
