"""How a person fills in a form in a browser: answers in the API's shape become clicks and key strokes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.questions import Group, Question

FILES = Path(__file__).parent / "files"


def fill(page: Page, compiled: Compiled, answers: Mapping[str, Any]) -> None:
    """Fill in every section, pressing 「次へ進む」 between them, which judges the section that is left."""
    for number, section in enumerate(compiled.sections):
        for question in section.questions:
            if question.id in answers:
                fill_one(page, question, question.id, answers[question.id])
        if number < len(compiled.sections) - 1:
            page.click(f'#section-{section.id} button[value="next:{section.id}"]')
            page.wait_for_selector(f"#section-{compiled.sections[number + 1].id}", state="visible")


def fill_one(page: Page, question: Question, name: str, value: Any) -> None:
    """Fill in one question."""
    match question.type:
        case "choice" | "yes-no":
            pick(page, name, {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value)
        case "choices":
            for code in value:
                page.check(f'[name="{name}"][value="{code}"]')
        case "declaration":
            page.check(f'[name="{name}"]')
        case "date":
            fill_date(page, name, value)
        case "address":
            fill_parts(page, name, value)
        case "party":
            fill_party(page, name, value)
        case "file":
            attach(page, name, question, len(value))
        case "group" if isinstance(question, Group):
            fill_rows(page, question, name, value)
        case _:
            page.fill(f'[name="{name}"]', str(value))


def pick(page: Page, name: str, code: str) -> None:
    """A radio button, or a list where there are many options."""
    listed = page.locator(f'select[name="{name}"]')
    if listed.count():
        listed.select_option(code)
    else:
        page.check(f'[name="{name}"][value="{code}"]')


def fill_date(page: Page, name: str, iso: str) -> None:
    """Year, month and day in the Western calendar."""
    for part, text in zip(("year", "month", "day"), iso.split("-"), strict=True):
        page.fill(f'[name="{name}.{part}"]', str(int(text)))


def fill_parts(page: Page, name: str, parts: Mapping[str, str]) -> None:
    """An address."""
    for part, text in parts.items():
        place = page.locator(f'[name="{name}.{part}"]')
        if place.evaluate("field => field.tagName") == "SELECT":
            place.select_option(text)
        else:
            place.fill(text)


def fill_party(page: Page, name: str, party: Mapping[str, Any]) -> None:
    """A person or a corporation."""
    if page.locator(f'[name="{name}.kind"]').count():
        page.check(f'[name="{name}.kind"][value="{party["kind"]}"]')
    for part, value in party.items():
        if part == "address":
            fill_parts(page, f"{name}.address", value)
        elif part == "birth_date":
            fill_date(page, f"{name}.birth_date", value)
        elif part != "kind":
            page.fill(f'[name="{name}.{part}"]', value)


def fill_rows(page: Page, group: Group, name: str, rows: list[Mapping[str, Any]]) -> None:
    """A repeating group; more rows come by its button."""
    for index, row in enumerate(rows):
        if page.locator(f'[data-row="{name}"]').count() <= index:
            page.click(f'button[value="add:{name}"]')
        for inner in group.questions:
            if inner.id in row:
                fill_one(page, inner, f"{name}.{index}.{inner.id}", row[inner.id])


def attach(page: Page, name: str, question: Question, count: int) -> None:
    """Choose files; with scripts they go up at once."""
    kind = "pdf" if "pdf" in getattr(question, "accept", ()) else "jpeg"
    chosen = [FILES / f"{kind}-{number}.{kind}" for number in range(1, count + 1)]
    place, scripts = f'input[type=file][name="{name}"]', page.evaluate("matchMedia('(scripting: enabled)').matches")
    if scripts:
        page.focus(place)  # with the first touch comes what sends files up
        page.wait_for_selector(f'[data-uploads="{name}"]', state="attached")
    page.set_input_files(place, chosen)
    if scripts:
        page.wait_for_function(
            '([name, n]) => document.querySelectorAll(`input[type=hidden][name="${name}"]`).length >= n',
            arg=[name, count],
        )
