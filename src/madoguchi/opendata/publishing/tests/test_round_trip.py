"""What is published is what was handed in: through the reading, the types, and the CSV that comes out."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.opendata.publishing.columns import as_text
from madoguchi.opendata.publishing.files import write_csv
from madoguchi.opendata.publishing.profile import type_of, value_of
from madoguchi.opendata.reading.delimited import records
from madoguchi.platform.spreadsheet import original

TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)
NUMBERS = st.text(alphabet="0123456789.-eE+", min_size=1, max_size=20)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_every_text_comes_back_from_a_csv(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    assert list(records(out.getvalue())) == [[*row] for row in rows]


@given(st.lists(NUMBERS, min_size=1, max_size=4))
def test_a_number_says_the_same_after_it_was_stored(texts):
    kind = type_of(texts)
    for text in texts:
        stored = as_text(value_of(kind, text))
        assert stored == text if kind != "number" else float(stored) == float(text)
        assert "e" not in stored.lower() or kind == "string"


def test_codes_and_sections_stay_texts():
    assert [type_of(one) for one in (["1E2", "3E5"], ["1.9", "1.10"], ["12345678901234567890"], ["0.12345678901234567"],
                                     ["-0"], ["007"], ["12.50", "13.00"])] == [*["string"] * 6, "number"]  # fmt: skip


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_the_published_csv_gives_every_text_back(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "v1.csv"
    write_csv(
        path, [{"name": "a", "type": "string"}, {"name": "n", "type": "integer"}], [(text, -5) for text in texts], path
    )
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows == [["a", "n"], *([row[0], "-5"] for row in rows[1:])]
    assert [original(row[0]) for row in rows[1:]] == texts
