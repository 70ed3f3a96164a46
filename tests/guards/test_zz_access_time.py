"""Every URL × role × whose object × method gives what the table says, and nobody sees a word of somebody else's case.

Each case holds a canary in its answers, files and notes; it is looked for in every response.
"""

import json
import uuid
import zlib
from http.cookies import SimpleCookie
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from madoguchi.applications.actions import invite
from madoguchi.applications.models import Filing, Invitation
from madoguchi.bookings.models import Waiting
from madoguchi.cases import actions as cases
from madoguchi.cases.models import Case, Event
from madoguchi.config.access import TABLE
from madoguchi.foundation.identifiers import new_reference
from madoguchi.opendata import asking_actions, upload_actions
from madoguchi.opendata.actions import renew_all
from madoguchi.opendata.sources import numbers
from madoguchi.payments import actions as payments
from madoguchi.payments.models import SandboxPayment
from madoguchi.people.actor import PUBLIC, worker
from madoguchi.people.keys import case_key
from tests import gate, shop, town
from tests.guards.urls import LANGUAGES, addresses

pytestmark = pytest.mark.django_db
OWN, OTHER = "カナリア甲", "カナリア乙"
OBJECTS = ("own", "other", "random")
OPEN = {200, 201, 302, 303, 400, 405, 409, 410, 413, 415, 422}
BODY = {
    "outcome": "complete", "item": "complete", "done": "1", "text": "書きました。", "question": "seats",
    "office": "reform", "answer": "回答です。", "answer_by": "2099-01-01", "result": "granted", "comment": "よい。",
    "reason": "理由です。", "score": "5", "key": "k" * 32, "reference": "0000-0000-000", "answers": "{}",
}  # fmt: skip
HEADERS = {"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy", "Cache-Control"}
NOT_THERE = {
    "api:api-root": "django-ninja's name for the address above all operations; it never answers",
    "mfa_view_recovery_codes": "the cast has made none",
    "mfa_download_recovery_codes": "the cast has made none",
}
KEYED = {f"api:{name}" for name in (
    "get_payment", "start_payment", "get_order", "cancel_order", "list_changes", "change_order", "get_waiting",
    "stop_waiting",
)}  # fmt: skip
"""What only a charge's or an order's own secret opens: the tests of `payments` and `bookings` have it, nobody here."""
OF_THE_REFORM_OFFICE = {
    **dict.fromkeys(("reform:project", "reform:rate"), "paperless-counter"),
    **dict.fromkeys(("reform:desk-project", "reform:desk-report", "reform:desk-reply"), "paperless-counter"),
    **dict.fromkeys(("reform:indicator", "reform:desk-indicator"), "sheets-used"),
    "reform:desk-item": "",
}
"""Projects, indicators and the register have no applicant; which code stands in the address of each."""
OF_THE_SHOP = {f"{pages}:{page}" for pages in ("bookings", "sale") for page in ("facility", "day", "slot", "close")} | {
    "api:get_facility",
    "api:wait_for_slot",
    "bookings:appointment",
    "sale:appointment",
}
"""What is on offer belongs to nobody."""
MAY_BE_KEPT = {"applications:form"}
"""Beside what the table calls shared."""


def with_canary(code, canary):
    """Cases of one applicant: open (with a consultation), to be drafted, in approval, decided, filed at the counter."""

    def filed(**how):
        given = town.example(code)
        party = next(question.id for question in town.compiled(code).questions if question.type == "party")
        changes = {party: {**given[party], "name": canary}, "electronic_notice": True}
        case = town.applied(code, **how, **changes)
        upload = case.uploads.first()
        upload.name, upload.content = f"{canary}.pdf", town.small_pdf(canary)
        upload.save()
        cases.note(case, text=f"{canary}のメモ", by=town.worker_of(case))
        return case

    still_open, approval, decided, drafting = filed(), filed(), filed(), town.drafting(filed())
    counter = filed(channel="counter", by=town.worker_of(still_open))
    asked = cases.consult(still_open, office="legal", question=f"{canary}の照会", by=town.worker_of(still_open))
    draft = town.drafted(approval)
    credential = town.decided(decided)
    money = of_money(still_open)
    token = invite(case=still_open, purpose=Invitation.Purpose.HANDOVER, by=town.worker_of(still_open))
    in_slot = gate.slot(f"facility-{code}", timezone.now(), offer="appointment")
    order = gate.sold("appointment", in_slot=in_slot, case=still_open, name=canary, email="canary@minatono.example")
    line = Waiting.objects.create(
        slot=in_slot, places=1, wanted={}, email=f"{code}@canary.example", asked_at=timezone.now()
    )
    handed_in, wish = of_open_data(still_open, canary)
    cases_of = [still_open, approval, decided, drafting, counter]
    uploads = {bytes(upload.content) for case in cases_of for upload in case.uploads.all()}
    return SimpleNamespace(
        private={bytes(credential.pdf)} | {content for content in uploads if len(content) > 100},
        file=handed_in, wish=wish, waiting=line, order=order, canary=canary, code=code, money=money, token=token,
        open=still_open, drafting=drafting, approval=approval, decided=decided,
        counter=counter, consultation=asked, draft=draft, credential=credential, cases=cases_of,
    )  # fmt: skip


def of_open_data(case, canary):
    """A table that the case's office handed in, and a request for data that it has."""
    office, by = case.office, town.worker_of(case)
    table = "番号,名称\n1,会館\n".encode()
    handed_in = upload_actions.take_in(office=office, name=f"{canary}.csv", content=table, facility_columns=[], by=by)
    wish = asking_actions.ask(
        title="会館の一覧", purpose="地図を作ります。", email="", language="ja", key=case.reference, by=PUBLIC
    )
    asking_actions.take(wish, office=office, by=by)
    return handed_in, wish


def of_money(case):
    """What stands in the URLs of payments: a charge paid at the counter with a refund that waits, and a checkout."""
    checkout = SandboxPayment.objects.get_or_create(
        attempt=f"of {case.reference}", defaults={"yen": 1, "label": "手数料", "back": "/", "at": timezone.now()}
    )[0]
    attempt = town.pays_at_the_counter(town.charged(case))
    charge = payments.refund(charge=attempt.charge, yen=100, reason="試し", by=town.worker_of(case))
    return {
        "secret": charge.secret, "charge": charge.reference, "attempt": attempt.pk, "checkout": checkout.reference,
        "provider": "sandbox", "refund": attempt.refunds.get().pk,
    }  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Both applicants, built once: every test's own transaction lies inside the one that is taken back here."""
    with django_db_blocker.unblock(), transaction.atomic():
        renew_all(register=[numbers.sources], by=worker("test"))
        yield {"own": with_canary(town.RESTAURANT, OWN), "other": with_canary(town.LICENCE, OTHER)}
        transaction.set_rollback(True)


SPENT = []
ROLES = {
    # role: (whose cases it may see, whose keys it holds, the officer)
    "public": (None, None, None),
    "holder": ("own", "own", None),
    "holder of another case": ("other", "other", None),
    "without second factor": (None, None, town.newcomer),
    "clerk": ("own", None, town.suzuki),
    "officer": ("own", None, town.sasaki),
    "chief": ("own", None, town.tanaka),
    "manager": ("own", None, town.yamamoto),
    "officer of another office": ("other", None, town.kato),
    "administrator": (None, None, town.kanno),
}


def values(address, whose, world):
    """What stands in a URL for an object: real parts of that applicant's cases, or invented ones."""
    if whose == "random":
        return {
            "reference": new_reference(), "number": 999_999, "upload": "a" * 32, "token": "a" * 32, "code": "invented",
            "digits": "0000000", "pk": 999_999, "version": 999_999, "secret": "a" * 32, "checkout": "a" * 32,
            "provider": "invented", "charge": new_reference(), "attempt": uuid.uuid4(), "refund": uuid.uuid4(),
            "facility": "invented", "slot": uuid.uuid4(), "day": "2026-02-31",
            "order": new_reference(), "file": uuid.uuid4(),
            "edition": "invented", "year": 1999, "before": 998, "after": 999, "file_name": "v9.csv", "kind": "ttl",
            "action": "invented",
        }, None  # fmt: skip
    if address.name.startswith("opendata"):
        return {"code": "ratings", "before": 1, "after": 1, "file_name": "v1.csv", "kind": "ttl",
                "action": "package_list"}, None  # fmt: skip
    if address.name.endswith(":appointment"):
        return {"facility": shop.COUNTER, "slot": shop.slot(shop.COUNTER).pk}, None
    if address.name in OF_THE_SHOP:
        return {"code": shop.MUSEUM, "facility": shop.MUSEUM, "slot": shop.slot().pk, "day": "2026-12-01"}, None
    if address.name in OF_THE_REFORM_OFFICE:
        return {"edition": "minatono-1", "code": OF_THE_REFORM_OFFICE[address.name], "year": 2026, "number": 1}, None
    them, short = world[whose], address.name.partition(":")[2]
    if address.name.startswith(("asking:", "uploads:")):
        return {"file": them.file.pk, "number": them.wish.pk}, None
    case, number = them.open, them.consultation.pk
    if "document" in short:
        case, number = them.decided, them.credential.pk
    if short in {"preview", "approve", "send-back"}:
        case, number = them.approval, them.draft.pk
    if short == "draft":
        case = them.drafting
    if short == "counter-receipt":
        case = them.counter
    code = them.credential.code if short == "verify-code" else them.code
    return {
        "reference": case.reference, "number": number, "upload": case.uploads.first().pk, "token": them.token,
        "code": code, "digits": "2310045", "pk": 1, "version": case.version_id, **them.money,
        **({"secret": them.order.secret} if address.name.startswith(("bookings:", "desk:", "sale:")) else {}),
        **({"secret": them.waiting.secret} if short == "waiting" else {}),
        "facility": them.order.slot.facility, "order": them.order.reference, "slot": them.waiting.slot_id,
    }, case  # fmt: skip


def expected(address, rule, role, whose, method):
    """The statuses that the table allows."""
    sees, holds, person = ROLES[role]
    if method not in rule.methods:
        return {405}
    if address.name in NOT_THERE and not (
        rule.who == "officer" and (person is None or role == "without second factor")
    ):
        return {404}
    if rule.who == "officer" and person is not None and role != "without second factor":
        if rule.roles and not rule.roles & person().roles:
            return {403}
        return _of_object(address, whose, sees)
    if rule.who in {"officer", "signed-in"}:
        return {302} if person is None or rule.who == "officer" else OPEN
    if address.name in KEYED:
        return {404}
    if rule.who == "holder":
        return OPEN if holds == whose else {404}
    return OPEN | {404} if whose == "random" else OPEN


OF_THE_OFFICE = {"desk:flow", "desk:event-log", "desk:process"}
"""Pages of a procedure that only its own office (and the reform office) may see."""


def _of_object(address, whose, sees):
    if address.name.startswith("uploads:") and "file" in address.parameters:
        return {404} if whose == "random" else OPEN if sees == whose else {403}
    if "charge" in address.parameters:
        return OPEN if sees == whose else {404}
    if address.name in {"reform:desk-project", "reform:desk-report", "reform:desk-reply", "reform:desk-item"}:
        return {404} if whose == "random" or address.name == "reform:desk-item" else {403}  # another office's project
    if "reference" in address.parameters or address.name in OF_THE_OFFICE:
        return OPEN if sees == whose else {404}
    return OPEN | {404} if address.parameters and whose != "own" else OPEN


def call(browser, address, path, method, token, body=BODY):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if method == "GET":
        return _whole(browser.get(path, headers=headers))
    if address.name.startswith("api:"):
        sent = {"answers": {}, "score": 5, "provider": "sandbox", "slot": str(uuid.UUID(int=0)), "difference": 0}
        headers["Idempotency-Key"] = "k" * 32
        return browser.post(path, json.dumps(sent), content_type="application/json", headers=headers)
    return browser.post(path, body, headers=headers)


def _whole(answer):
    """A response that streams, read to its end."""
    return HttpResponse(answer.getvalue(), status=200, headers=answer.headers) if answer.streaming else answer


def leaks(answer, path, world, sees):
    """What of somebody else's cases stands in the response. (A link into a case names the case that it opens.)"""
    content = answer.content
    text = content.decode(errors="replace").replace(path, "") + str(answer.headers).replace(path, "")
    found = []
    for whose, them in world.items():
        if whose == sees:
            continue
        found += [them.canary] if them.canary in text else []
        opened = them.open.reference if them.token in path else None
        named = [case.reference for case in them.cases if case.reference in text]
        found += [reference for reference in named if reference not in path and reference != opened]
        found += [f"a file of {whose}"] if content in them.private else []
    return found


def headers_missing(answer, address):
    missing = HEADERS - set(answer.headers)
    kept = "no-store" not in answer.headers.get("Cache-Control", "")
    if kept and address.name not in MAY_BE_KEPT and not TABLE[address.name].shared and answer.status_code == 200:
        missing.add("no-store")
    return missing


def browser_as(role, world):
    _sees, holds, person = ROLES[role]
    if person is not None:
        return town.browser_of(person()), None
    return town.holder(*(world[holds].cases if holds else ())), holds


@pytest.mark.parametrize("role", ROLES)
def test_the_table_holds_for(role, world, capsys):
    browser, holds = browser_as(role, world)
    person = ROLES[role][2]
    body = {**BODY, "post": person().officer.posts.get().pk} if person else BODY
    cookies, faults, tested = browser.cookies.output(header="", sep=";"), [], 0
    for address in addresses():
        rule = TABLE.get(address.name)
        if rule is None:
            continue
        for whose in OBJECTS if address.parameters else ("own",):
            given, case = values(address, whose, world)
            for method in ("GET", "POST"):
                language = LANGUAGES[zlib.crc32(f"{address.name}{role}{whose}{method}".encode()) % 3]
                path = address.path(language, **given)
                token = _token(address, holds, case, world) if rule.who == "holder" else None
                browser.cookies = SimpleCookie(cookies)
                with transaction.atomic():
                    import time; t0=time.process_time(); w0=time.monotonic(); answer = call(browser, address, path, method, token, body); SPENT.append((time.monotonic()-w0, time.process_time()-t0, address.name, method, whose))
                    transaction.set_rollback(True)
                tested += 1
                faults += _faults(address, rule, role, whose, method, answer, path, world)
    with capsys.disabled():
        print(f"\n  {role}: {tested} combinations of URL, object and method", end="")
    import collections; c=collections.Counter(); w=collections.Counter()
    for a,b,n,m,o in SPENT: c[n]+=b; w[n]+=a
    open("/tmp/hall/told/spent.txt","w").write(f"total wall {sum(w.values())} cpu {sum(c.values())} n {len(SPENT)}\n"+"\n".join(f"{n} cpu {v:.2f} wall {w[n]:.2f}" for n,v in c.most_common(25)))


def _token(address, holds, case, world):
    """The API's bearer token of the case asked for, if held, else of an own one."""
    if holds is None or not address.name.startswith("api:"):
        return None
    mine = world[holds].cases
    kept = next((one for one in mine if case is not None and one.pk == case.pk), mine[0])
    return case_key(kept.pk)


def _faults(address, rule, role, whose, method, answer, path, world):
    allowed, told = expected(address, rule, role, whose, method), f"{method} {path} ({address.name}, {whose})"
    if answer.status_code not in allowed:
        yield f"{told}: {answer.status_code}, not one of {sorted(allowed)}"
    if "Traceback" in answer.content.decode(errors="replace"):
        yield f"{told}: a stack trace"
    for leaked in leaks(answer, path, world, ROLES[role][0]):
        yield f"{told}: shows {leaked}"
    if missing := headers_missing(answer, address):
        yield f"{told}: without {sorted(missing)}"


def test_the_canaries_sing_to_those_who_may_hear_them(world):
    """The control: the matrix would find a leak, since the canaries do stand on the pages of their owners."""
    own = world["own"]
    page = town.holder(*own.cases).get(f"/applications/{own.open.reference}/")
    assert leaks(page, "", world, None) == [OWN, own.open.reference]
    desk = town.browser_of(town.sasaki()).get(f"/desk/cases/{own.open.reference}/")
    assert OWN in leaks(desk, "", world, None)
    document = HttpResponse(bytes(own.credential.pdf))
    assert leaks(document, "", world, None) == ["a file of own"]


def test_every_write_of_an_officer_needs_the_token_of_its_page(world):
    from django.test import Client

    own = world["own"]
    for name, rule in TABLE.items():
        if rule.who in {"officer", "signed-in"} and "POST" in rule.methods:
            (address,) = (one for one in addresses() if one.name == name)
            browser = Client(enforce_csrf_checks=True, headers=town.SAME_SITE)
            browser.force_login(town.yamamoto().officer)
            path = address.path(**values(address, "own", {"own": own})[0])
            assert browser.post(path, BODY).status_code == 403, path


@pytest.mark.parametrize("role", ["holder", "manager"])
def test_asking_what_is_possible_changes_nothing(role, world):
    """OPTIONS passes the table and every check of origin, so no view may take it for a write."""
    browser, holds = browser_as(role, world)
    for address in addresses():
        rule = TABLE.get(address.name)
        if rule is None:
            continue
        given, case = values(address, "own", world)
        token = _token(address, holds, case, world) if rule.who == "holder" else None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        before = _state()
        with transaction.atomic():
            answer = browser.options(address.path(**given), headers=headers)
            after = _state()
            transaction.set_rollback(True)
        assert answer.status_code < 500, address
        assert after == before, address


def _state():
    """How much was recorded, but for reading."""
    written = Event.objects.exclude(kind__in=["read", "delivered"]).count()
    return written, list(Case.objects.order_by("pk").values_list("step", "result", "assignee")), Filing.objects.count()
