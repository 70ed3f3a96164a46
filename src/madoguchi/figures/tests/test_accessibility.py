"""The statistics pages in the browser, at two widths in three languages: axe finds nothing, none scrolls."""

from datetime import date

import pytest

from madoguchi.design import assets
from madoguchi.figures import queries
from madoguchi.simulation.town import simulate
from tests import town

UNTIL = date(2026, 9, 30)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("width", [360, 1280])
def test_no_violation_and_no_sideways_scroll(chromium, width):
    if not assets.MODULES.exists():
        pytest.skip("npm's packages are not installed: python -m madoguchi.design.assets")
    assets.main()
    simulate(1500, 5, until=UNTIL)
    code, page = queries.by_procedure()[0].procedure, chromium.new_page(viewport={"width": width, "height": 900})
    for path in (f"{lang}/statistics/{tail}" for lang in ("", "/en", "/ja-easy") for tail in ("", f"{code}/")):
        page.set_content(town.visitor().get(path).content.decode())
        for sheet in ("site", "pages"):
            page.add_style_tag(path=assets.BUILD / f"static/css/{sheet}.css")
        page.add_script_tag(path=assets.BUILD / "axe/axe.min.js")
        found = page.evaluate("async () => (await axe.run()).violations.map((one) => [one.id, one.nodes[0].html])")
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    page.close()
