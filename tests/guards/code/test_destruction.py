"""What destroys or cannot be undone is never one press away: it asks once more, and says what is lost."""

import re
from pathlib import Path

import pytest

from madoguchi.people.rules import table

SOURCE = Path(__file__).parents[3] / "src" / "madoguchi"
TEMPLATES = sorted(SOURCE.rglob("*.html"))
READ, WRITE = {"GET", "HEAD"}, "POST"

ASKS_ONCE_MORE = {
    "bookings:waiting",
    "desk:approve",  # where it is the last seat
    "desk:send-back",
    "desk:withdraw-document",
    "desk:hand-over-document",
    "desk:visitor-withdraws",
    "desk:reduce",
    "desk:refund",
    "desk:write-off",
    "desk:till",
    "desk:undo-list",
    "uploads:discard",
    "uploads:publish",
    "uploads:request",
}
"""The button lies in `{% once_more %}`, whose first press opens the sentence and the button."""

PAGE_OF_ITS_OWN = {
    "counter:withdraw": "counter/withdraw.html",
    "bookings:cancel": "bookings/cancel.html",
    "bookings:change": "bookings/change_confirm.html",
    "sale:close": "bookings/close.html",
    "desk:acknowledge": "desk/acknowledge.html",
    "desk:correction": "desk/correction.html",
    "desk:draft": "desk/draft.html",
    "reform:desk-report": "reform/desk/report.html",
    "mfa_deactivate_totp": "mfa/totp/deactivate_form.html",
    "mfa_remove_webauthn": "mfa/webauthn/authenticator_confirm_delete.html",
    "mfa_generate_recovery_codes": "mfa/recovery_codes/generate.html",
}
"""A page reached by GET says what is lost, and only its button does it."""

HARMLESS = {
    # What is sent or typed in, and can be sent again, changed or taken back.
    "counter:rate", "counter:verify", "applications:confirm", "applications:submit", "applications:upload",
    "applications:enter", "applications:link-again", "applications:open", "applications:correct",
    "payments:start", "payments:receipt", "payments:notify", "payments:sandbox",
    "bookings:slot", "bookings:appointment", "bookings:visit", "figures:reached", "reform:rate", "asking:new",
    "opendata-api:ckan",
    "desk:me", "desk:take", "desk:step", "desk:step-answers", "desk:note", "desk:check", "desk:consult", "desk:answer",
    "desk:confirm-holding", "desk:lists", "desk:list", "desk:enter-list", "counter:known",
    "desk:visitor-correct", "desk:counter-confirm", "desk:counter-submit", "desk:counter-received",
    "desk:statement",  # a file that was read in already changes nothing
    "sale:slot", "sale:appointment", "gate:page", "gate:scans", "gate:visits",
    "reform:desk-reply", "reform:desk-indicator", "reform:desk-register", "reform:desk-item",
    # Nothing happens without a number or a reason that has to be typed first.
    "desk:take-payment", "desk:repaid", "desk:differences", "uploads:lift", "uploads:index",
    # Signing in and out; whose session ends signs in again.
    "people:end", "people:end-all",
    "account_login", "account_logout", "account_reauthenticate", "account_change_password", "mfa_authenticate",
    "mfa_login_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp",
    "mfa_add_webauthn", "mfa_edit_webauthn",
}  # fmt: skip
FOR_PROGRAMS = ("api:",)

ONCE_MORE = re.compile(r"{% once_more .*?{% endonce_more %}", re.DOTALL)
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
BUTTON = re.compile(r"<button\b.*?</button>", re.DOTALL)
ADDRESS = re.compile(r'\b(?:form)?action="{% url "([\w:-]+)"')


def writing():
    """Every URL of people that takes a POST."""
    return {name for name, rule in table().items() if WRITE in rule.methods and not name.startswith(FOR_PROGRAMS)}


def test_every_url_that_writes_is_judged_here():
    judged = [ASKS_ONCE_MORE, set(PAGE_OF_ITS_OWN), HARMLESS]
    assert writing() - set.union(*judged) == set(), "new: does it destroy?"
    assert set.union(*judged) - writing() == set(), "gone"
    assert sum(map(len, judged)) == len(set.union(*judged))


def texts():
    return {str(path.relative_to(SOURCE)): path.read_text("utf-8") for path in TEMPLATES}


def bare(text, name):
    """The buttons of a template that reach a URL without asking once more."""
    asking = [one.span() for one in ONCE_MORE.finditer(text)]
    for form in FORM.finditer(text):
        sends_to = ADDRESS.search(form[0])
        for button in BUTTON.finditer(text, *form.span()):
            target = ADDRESS.search(button[0]) or sends_to
            lies_bare = not any(start < button.start() < end for start, end in asking)
            if target and target[1] == name and 'type="submit"' in button[0] and lies_bare:
                yield button[0]


@pytest.mark.parametrize("name", sorted(ASKS_ONCE_MORE))
def test_it_asks_once_more(name):
    allowed = {"desk:approve": ["承認する"], "uploads:request": ['value="take"']}.get(name, [])
    reached = {path: text for path, text in texts().items() if f'{{% url "{name}"' in text and "<form" in text}
    assert reached, "nothing to look at"
    left = [(path, one) for path, text in reached.items() for one in bare(text, name)]
    assert [one for one in left if not any(word in one[1] for word in allowed)] == []


@pytest.mark.parametrize("name", sorted(PAGE_OF_ITS_OWN))
def test_it_has_a_page_of_its_own(name):
    assert table()[name].methods >= READ, "reached by a link"
    page = PAGE_OF_ITS_OWN[name]
    if name.startswith("mfa_"):
        return  # allauth's own page
    forms = [path for path, text in texts().items() if f'action="{{% url "{name}"' in text]
    assert all(path.endswith(f"templates/{page}") for path in forms if name != "bookings:change"), forms


def test_every_asking_says_what_is_lost():
    blocks = [block for text in texts().values() for block in re.findall(r"{% once_more [^%]*%}", text)]
    assert len(blocks) > 10
    assert [one for one in blocks if not re.search(r'lost=_\("[^"]+。"\)', one)] == []


def enters(form):
    """Whether Enter in a field of a form presses what asks once more, though that was not opened."""
    fields = ONCE_MORE.sub("", form)
    first = BUTTON.search(form[form.index(">") :])
    typed = re.search(r"<input\b(?![^>]*type=\"(?:hidden|checkbox|radio|file)\")", fields)
    return bool(typed and first and not BUTTON.search(fields) and "enter_does_nothing" not in form)


def test_enter_in_a_field_does_not_do_it():
    forms = [(path, one[0]) for path, text in texts().items() for one in FORM.finditer(text) if "once_more" in one[0]]
    assert forms
    assert [path for path, form in forms if enters(form)] == []


def test_enter_that_does_it_is_seen():
    """The control of the test above."""
    form = '<form><input name="yen">{% once_more %}<button type="submit">x</button>{% endonce_more %}</form>'
    assert enters(form)
    assert not enters(form.replace("<input", '{% include "design/enter_does_nothing.html" %}<input'))
    assert not enters(form.replace('name="yen"', 'type="hidden"'))


def test_a_bare_button_is_seen():
    """The control of the tests above."""
    button = '<button type="submit">還付する</button>'
    form = f'<form method="post" action="{{% url "desk:refund" 1 %}}">{button}</form>'
    asking = f'{{% once_more _("還付する") lost=_("戻せません。") %}}{form}{{% endonce_more %}}'
    assert list(bare(form, "desk:refund")) == [button]
    assert list(bare(asking, "desk:refund")) == []
    assert list(bare(asking + form, "desk:refund")) == [button]
    elsewhere = form.replace('type="submit"', 'type="submit" formaction="{% url "desk:write-off" 1 %}"')
    assert list(bare(elsewhere, "desk:write-off")) and not list(bare(elsewhere, "desk:refund"))
