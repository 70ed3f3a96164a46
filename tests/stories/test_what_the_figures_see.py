"""小林 begins a form, breaks off, comes back and sends it: sections are counted, not her; the office opens its flow."""

import os

import pytest
from playwright.sync_api import expect

from tests.stories.cast import FOOD
from tests.stories.conftest import DESKTOP, PHONE
from tests.stories.test_every_page import is_sound

pytestmark = pytest.mark.browser


def test_the_form_tells_each_section_once_and_the_receipt_tells_that_it_was_sent(apply_online, person):
    told = []

    def listen(page):
        page.context.on("request", lambda one: told.append(one.post_data) if one.url.endswith("/reached/") else None)

    visitor = person(DESKTOP)
    listen(visitor)
    visitor.goto(f"/procedures/{FOOD}/apply/")
    assert told == [], "who only looks has not begun"
    for _twice in range(2):
        visitor.locator("[data-section]:not([hidden]) input:visible").first.click()
        with visitor.expect_response("**/rules/**"):
            visitor.reload()
            visitor.locator("[data-section]:not([hidden]) input:visible").first.click()
    visitor.wait_for_function("() => localStorage.getItem('reached:food-business-permit') !== null")
    visitor.click(".stepper__link >> nth=1")
    visitor.wait_for_function(
        "() => JSON.parse(localStorage.getItem('reached:food-business-permit')).section !== "
        "document.querySelector('[data-section]').id.replace('section-', '')"
    )
    assert len(told) == 2, told
    assert [one.endswith("before=") for one in told] == [True, False]
    page, _reference = apply_online()
    assert page.evaluate("localStorage.getItem('reached:food-business-permit')") is None


def test_the_desk_opens_the_flow_as_a_diagram_or_saves_its_file(desks, person, violations):
    desk = desks("sasaki")
    refused = []
    desk.on("console", lambda one: refused.append(one.text) if one.type == "error" else None)
    desk.goto(f"/desk/procedures/{FOOD}/flow/")
    desk.click("details[data-bpmn] summary")
    expect(desk.locator("details[data-drawn]")).to_have_count(1)
    expect(desk.locator(".bjs-powered-by")).to_be_visible()
    assert desk.locator(".djs-shape").count() > 10
    desk.click("[data-bpmn-zoom='1.25']")
    is_sound(desk, violations)
    assert refused == [], "nothing that the page's policy forbids"
    if folder := os.environ.get("MADOGUCHI_PICTURES"):
        desk.screenshot(path=f"{folder}/flow.png", full_page=True)
        desk.set_viewport_size(PHONE)
        desk.screenshot(path=f"{folder}/flow-360.png", full_page=True)
