"""axe-core over every control, narrow and wide, with and without errors: no violation."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from madoguchi.design import assets
from madoguchi.design.tests import fields

pytestmark = pytest.mark.browser
PAGE = (
    '<!doctype html><html lang="ja"><head><meta name="viewport" content="width=device-width"><title>部品</title></head>'
    '<body class="page"><main class="main"><h1 class="dads-heading" data-size="36">部品</h1><h2>欄</h2>'
    '<form class="form">{}</form></main></body></html>'
)


@pytest.fixture(scope="module")
def browser(chromium: Any) -> Any:
    if not assets.MODULES.exists():
        pytest.skip("npm's packages are not installed: python -m madoguchi.design.assets")
    assets.main()
    return chromium


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("error", ["", "1から12までの数字で書いてください。"])
def test_no_violation_and_no_sideways_scroll(browser: Any, width: int, error: str) -> None:
    shown = "".join(render_to_string("design/field.html", {"field": one}) for one in fields.all_fields(error))
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(PAGE.format(shown))
    for sheet in ("site", "pages"):
        page.add_style_tag(path=assets.BUILD / f"static/css/{sheet}.css")
    page.add_script_tag(path=assets.BUILD / "axe/axe.min.js")
    found = page.evaluate("async () => (await axe.run()).violations.map((one) => [one.id, one.nodes[0].html])")
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('button, select, textarea, .option, input:not([type=hidden], .option__input)')]"
        ".filter((one) => one.type !== 'checkbox' && one.getBoundingClientRect().height < 44).map((one) => one.id)"
    )
    page.close()
    assert found == []
    assert too_wide <= 0
    assert small == []
