"""What is not published in any row is said once, beside the table; what is said in one row stays."""

import re
from pathlib import Path

from django.template import Context, Template
from lxml import html

CELLS = "{% for value in row %}{% cell value %}{% endfor %}"
TABLE = f"""{{% load numbers %}}{{% said_once %}}<div class="table-scroll"><table><caption>月ごとの数字</caption>
<thead><tr><th scope="col">月</th>
{{% for name in names %}}<th class="dads-table__number" scope="col">{{{{ name }}}}</th>{{% endfor %}}</tr></thead>
<tbody>{{% for row in rows %}}<tr><th scope="row">&lt;{{{{ forloop.counter }}}}月&gt;</th>{CELLS}</tr>
{{% endfor %}}</tbody>
{{% if foot %}}<tfoot>{{% with row=foot %}}<tr><th scope="row">合計</th>{CELLS}</tr>{{% endwith %}}</tfoot>{{% endif %}}
</table></div>{{% endsaid_once %}}"""
TILES = """{% load numbers %}{% said_once %}<dl class="stat-grid">{% for name, value in tiles %}{% tile name value %}
{% endfor %}</dl>{% endsaid_once %}"""


def table(*rows, names=("受付", "補正"), foot=()):
    return shown(TABLE, rows=rows, names=names, foot=foot)


def shown(template, **context):
    return html.fragment_fromstring(Template(template).render(Context(context)), create_parent="div")


def columns(page):
    return [head.text_content() for head in page.xpath("//thead//th")]


def note(page):
    return "".join(page.xpath("//p[@class='note']/text()"))


def test_a_column_that_says_nothing_in_any_row_goes_and_is_named():
    page = table([12, None], [9, None])
    assert columns(page) == ["月", "受付"]
    assert [len(row) for row in page.xpath("//tr")] == [2, 2, 2]
    assert note(page) == "数が少ないため公表していないもの：補正"
    assert [cell.text for cell in page.xpath("//tbody//td")] == ["12", "9"]
    assert page.xpath("//tbody//th/text()") == ["<1月>", "<2月>"], "what was escaped stays so"


def test_a_dash_says_nothing_either_but_a_zero_does():
    assert columns(table([12, None], [9, "–"])) == ["月", "受付"]
    assert columns(table([12, None], [9, 0])) == ["月", "受付", "補正"]
    assert columns(table([12, "–"], [9, "–"])) == ["月", "受付", "補正"]


def test_a_column_that_says_something_stays_with_its_marks():
    page = table([12, None], [9, 7])
    assert columns(page) == ["月", "受付", "補正"] and note(page) == ""
    assert page.xpath("string(//span[@class='unsaid'])") == "x"


def test_a_total_that_was_said_stays_said():
    assert note(table([12, None], [9, None], foot=[21, 8])) == "数が少ないため公表していないもの：補正（合計 8）"
    assert note(table([12, None], [9, None], foot=[21, None])) == "数が少ないため公表していないもの：補正"


def test_a_table_of_which_nothing_is_left_is_a_sentence():
    page = table([None, None], [None, None])
    assert not page.xpath("//table|//div[@class='table-scroll']")
    assert note(page) == "月ごとの数字。数が少ないため公表していないもの：受付、補正"


def test_a_table_without_rows_is_left_alone():
    assert columns(table()) == ["月", "受付", "補正"]


def test_tiles_that_say_nothing_are_named_in_one_sentence():
    page = shown(TILES, tiles=[("受付", 12), ("補正", None), ("評価", None)])
    assert page.xpath("//dt/text()") == ["受付"]
    assert note(page) == "数が少ないため公表していないもの：補正、評価"
    assert not shown(TILES, tiles=[("受付", None)]).xpath("//dl")
    assert note(shown(TILES, tiles=[("受付", 0)])) == ""


def test_every_table_and_grid_of_such_numbers_is_wrapped():
    """A number that may be withheld is written by `cell` and `tile`."""
    root = Path(__file__).parents[2]
    bare = []
    for path in root.rglob("*.html"):
        text = re.sub(r"{% said_once %}.*?{% endsaid_once %}", "", path.read_text("utf-8"), flags=re.DOTALL)
        bare += [path.name] if re.search(r"{% (?:cell|tile) ", text) else []
    assert bare == ["around.html"], "a part of a table's row"
