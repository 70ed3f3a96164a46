"""Only what a spreadsheet would run is written with an apostrophe, and it can be taken away again."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.platform.spreadsheet import harmless, original, runs


@pytest.mark.parametrize(
    "text",
    ["=1+1", " =1+1", "\t=1+1", "\u3000=1+1", "＝１＋１", "=東京", '="1"', "+1+cmd|' /C calc'!A0", "@SUM(1+1)*9",
     "-2+3+cmd|' /C calc'!A0", "＠ＳＵＭ（１）", "+HYPERLINK(\"http://x\")", "-Sheet2!A1", "\r=1", "\u00a0=1"],
)  # fmt: skip
def test_what_runs_gets_an_apostrophe(text):
    assert runs(text)
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["@みなと広場", "-", "-5℃以下", "−3", "+αの部屋", "±0", "=", "====", "-5", "+5", "+81-45-222-0101", "a=1", "", "'",
     "-3.5", "＋", "－（未定）", "-東京(仮)", "@minato_city", "'60s"],
)  # fmt: skip
def test_what_runs_nothing_stays_itself(text):
    assert not runs(text)
    assert harmless(text) == text


@given(st.text(alphabet=st.sampled_from("'=+-@|!(aA1 \t＝東")))
@example("''=1+1")
def test_the_apostrophe_can_be_taken_away_again(text):
    assert original(harmless(text)) == text
    assert not runs(harmless(text))
