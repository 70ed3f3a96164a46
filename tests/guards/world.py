"""Both applicants of the guards over all URLs, and what stands in each URL for them.

Each case holds a canary in its answers, files and notes.
"""

import uuid
from types import SimpleNamespace

from django.utils import timezone

from madoguchi.applications.entrance import invite
from madoguchi.applications.models import Invitation
from madoguchi.bookings.models import Waiting
from madoguchi.cases import actions as cases
from madoguchi.foundation.identifiers import new_reference
from madoguchi.opendata.models.datasets import Resource
from madoguchi.opendata.requests import actions
from madoguchi.opendata.uploads import actions as upload_actions
from madoguchi.payments.models import SandboxPayment
from madoguchi.payments.paying import actions as payments
from madoguchi.people.actor import PUBLIC
from madoguchi.registers import batches
from madoguchi.registers.directory import registers
from madoguchi.registers.models import Batch, Holding
from tests import gate, paying, shop, town
from tests.forced import without_guards

OWN, OTHER = "カナリア甲", "カナリア乙"
BODY = {
    "outcome": "complete", "item": "complete", "done": "1", "text": "書きました。", "question": "seats",
    "office": "reform", "answer": "回答です。", "answer_by": "2099-01-01", "result": "granted", "comment": "よい。",
    "reason": "理由です。", "score": "5", "key": "k" * 32, "reference": "0000-0000-000", "answers": "{}",
}  # fmt: skip
OF_REGISTERS = {
    "desk:register", "desk:holding", "desk:lists", "desk:list", "desk:enter-list", "desk:undo-list", "desk:list-fates",
}  # fmt: skip
OF_THE_REFORM_OFFICE = {
    **dict.fromkeys(("reform:project", "reform:rate"), "paperless-counter"),
    **dict.fromkeys(("reform:desk-project", "reform:desk-report", "reform:desk-reply"), "paperless-counter"),
    **dict.fromkeys(("reform:indicator", "reform:desk-indicator"), "sheets-used"),
    "reform:desk-item": "",
}
"""Projects, indicators and the register have no applicant; which code stands in the address of each."""
OF_THE_SHOP = {
    f"{pages}:{page}" for pages in ("bookings", "sale") for page in ("facility", "day", "slot", "confirmation", "close")
} | {
    "api:get_facility",
    "api:wait_for_slot",
    "bookings:appointment",
    "sale:appointment",
}
"""What is on offer belongs to nobody."""


def with_canary(code, canary):
    """Cases of one applicant: open (with a consultation), to be drafted, in approval, decided, filed at the counter."""

    def filed(**how):
        given = town.example(code)
        party = next(question.id for question in town.compiled(code).questions if question.type == "party")
        changes = {party: {**given[party], "name": canary}, "electronic_notice": True}
        case = town.applied(code, **how, **changes)
        upload = case.uploads.first()
        upload.name, upload.content = f"{canary}.pdf", town.small_pdf(canary)
        with without_guards():  # nobody may change a file that was sent
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
    wish = actions.ask(
        title="会館の一覧", purpose="地図を作ります。", email="", language="ja", key=case.reference, by=PUBLIC
    )
    actions.take(wish, office=office, by=by)
    return handed_in, wish


def of_money(case):
    """What stands in the URLs of payments: a charge paid at the counter with a refund that waits, and a checkout."""
    checkout = SandboxPayment.objects.get_or_create(
        attempt=f"of {case.reference}", defaults={"yen": 1, "label": "手数料", "back": "/", "at": timezone.now()}
    )[0]
    attempt = paying.pays_at_the_counter(paying.charged(case))
    charge = payments.refund(charge=attempt.charge, yen=100, reason="試し", by=town.worker_of(case))
    return {
        "secret": charge.secret, "charge": charge.reference, "attempt": attempt.pk, "checkout": checkout.reference,
        "provider": "sandbox", "refund": attempt.refunds.get().pk,
    }  # fmt: skip


def a_list():
    """A bureau's own list that waits for a second officer."""
    by, read = town.sasaki(), {"header": ["番号", "許可日"], "rows": [["甲1", "2026-04-01"]], "sha256": "0" * 64}
    known = Batch.objects.filter(sha256=read["sha256"]).first()
    return known or batches.take_in(registers()["food-business"], name="list.csv", by=by, **read)


def values(address, whose, world):
    """What stands in a URL for an object: real parts of that applicant's cases, or invented ones."""
    if whose == "random":
        return {
            "reference": new_reference(), "number": 999_999, "upload": "a" * 32, "token": "a" * 32, "code": "invented",
            "digits": "0000000", "pk": 999_999, "version": 999_999, "secret": "a" * 32, "checkout": "a" * 32,
            "provider": "invented", "charge": new_reference(), "attempt": uuid.uuid4(), "refund": uuid.uuid4(),
            "facility": "invented", "slot": uuid.uuid4(), "day": "2026-02-31", "holding": uuid.uuid4(),
            "batch": uuid.uuid4(),
            "order": new_reference(), "file": uuid.uuid4(),
            "edition": "invented", "year": 1999, "before": 998, "after": 999, "file_name": "v9.csv", "kind": "ttl",
            "action": "invented", "resource": "invented",
        }, None  # fmt: skip
    if address.name.startswith("opendata"):
        resource = Resource.objects.filter(dataset__code="ratings").first()
        return {"code": "ratings", "before": 1, "after": 1, "file_name": "v1.csv", "kind": "ttl",
                "action": "package_list", "resource": resource.pk if resource else ""}, None  # fmt: skip
    if address.name.endswith(":appointment"):
        return {"facility": shop.COUNTER, "slot": shop.slot(shop.COUNTER).pk}, None
    if address.name in OF_THE_SHOP:
        return {"code": shop.MUSEUM, "facility": shop.MUSEUM, "slot": shop.slot().pk, "day": "2026-12-01",
                "token": "a" * 40}, None  # fmt: skip
    if address.name in OF_REGISTERS:
        held = Holding.objects.filter(entries__case=world[whose].decided).first()
        return {
            "code": held.register if held else "invented", "holding": held.pk if held else uuid.uuid4(),
            "batch": a_list().pk if held else uuid.uuid4(),
        }, None  # fmt: skip
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
