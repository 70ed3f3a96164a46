"""Verbs: issue (施行), hand over, withdraw; and the check of a document that somebody shows.

pyHanko is loaded when the first document is signed or checked: most processes never do, and are 40 MB lighter.
"""

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases import events
from madoguchi.cases.actions import must_work_on
from madoguchi.cases.flow import AT_DELIVERY
from madoguchi.cases.models import Case
from madoguchi.cases.queries import flow_of
from madoguchi.decisions.models import Decision
from madoguchi.foundation.identifiers import new_secret
from madoguchi.paper.document import Document
from madoguchi.paper.typst import render
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Role
from madoguchi.platform import quarantine
from madoguchi.platform.failpoints import failpoint
from madoguchi.platform.refusing import ActionRefused, written
from madoguchi.town.offices import town

from . import paper
from .checking import State, Verdict, check, check_of_stranger
from .models import Credential

if TYPE_CHECKING:
    from .signing import Signer


@cache
def signer() -> "Signer":
    """The key that signs: PKCS#11 where a module is configured, else the file key made at set-up."""
    from .signing import file_signer, pkcs11_signer

    if settings.SIGNING_PKCS11_MODULE:
        return pkcs11_signer(settings.SIGNING_PKCS11_MODULE, settings.SIGNING_PKCS11_TOKEN, settings.SIGNING_PKCS11_PIN)
    return file_signer(settings.KEYS_DIR)


def make_keys() -> None:
    """At set-up: the file key and its certificates, in the name of this town's head; what exists is kept."""
    from .keys import Names, make_file_key

    names = Names(signer=town().head, organisation=town().name, root=f"{town().name} Madoguchi CA")
    make_file_key(settings.KEYS_DIR, names=names)


@transaction.atomic
def issue(decision: Decision, *, by: Actor) -> Credential:
    """Render, sign and register the document of a decision, inside the deciding transaction."""
    case = events.lock(decision.case)
    code = new_secret()
    document = paper.of_decision(decision, code)
    return _register(case, document, code, by, decision)


@transaction.atomic
def issue_receipt(case: Case, number: str, *, by: Actor) -> Credential:
    """The receipt of a notification."""
    case = events.lock(case)
    code = new_secret()
    return _register(case, paper.of_notification(case, number, code), code, by, None)


def _register(case: Case, document: Document, code: str, by: Actor, decision: Decision | None) -> Credential:
    pdf = signer().sign(render(document, fonts=settings.FONTS_DIR, made_at=timezone.now()))
    failpoint("after-signing")
    credential = Credential.objects.create(
        case=case,
        form=document.form,
        title=document.title,
        number=document.number,
        code=code,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        issued_at=timezone.now(),
        valid_until=decision.valid_until if decision else None,
    )
    events.append(case, "issued", by=by, data={"credential": credential.pk, "sha256": credential.sha256})
    return credential


class WrongDocument(Exception):
    """The stored document does not belong to the case it hangs on: nothing is delivered, the operator must look."""


@transaction.atomic
def deliver(credential: Credential, *, by: Actor) -> bytes:
    """The signed bytes, after checking once more that they are this case's and unchanged (C2).

    Raises WrongDocument; ActionRefused while a fee that is due at delivery is unpaid.
    """
    case = events.lock(credential.case)
    pdf = bytes(credential.pdf)
    verdict = check(pdf, trust_roots=trust_roots())
    if verdict.state != State.GENUINE or verdict.subject != str(case.pk) or verdict.sha256 != credential.sha256:
        raise WrongDocument(f"credential {credential.pk} does not match case {case.pk}")
    if by.kind == "applicant" and case.unpaid and flow_of(case).fee_due == AT_DELIVERY:
        raise ActionRefused(_("手数料の支払いが済むと、文書を受け取れます。"))
    if by.kind == "applicant":
        events.append(case, "delivered", by=by, data={"credential": credential.pk, "by": "download"})
    return pdf


@transaction.atomic
def hand_over(credential: Credential, *, by: Actor) -> None:
    """Note that the document was handed over on paper at the counter. Raises ActionRefused."""
    case = events.lock(credential.case)
    must_work_on(case, by, (*CASE_WORKERS, Role.CLERK))
    if credential.withdrawn_at:
        raise ActionRefused(_("この文書は取り消されています。渡さないでください。"), conflict=True)
    events.append(case, "delivered", by=by, data={"credential": credential.pk, "by": "paper"})


@transaction.atomic
def withdraw(credential: Credential, *, reason: str, by: Actor) -> Credential:
    """Withdraw a document (取消); the verification page says so from now on. Raises ActionRefused."""
    case = events.lock(credential.case)
    officer = must_work_on(case, by, [Role.MANAGER, Role.DIRECTOR])
    credential = Credential.objects.select_for_update().get(pk=credential.pk)
    if credential.withdrawn_at:
        raise ActionRefused(_("この文書はすでに取り消されています。"), conflict=True)
    if not (reason := written(reason, 400)):
        raise ActionRefused(_("取り消す理由を書いてください。"))
    credential.withdrawn_at, credential.withdrawn_by = timezone.now(), officer
    credential.withdrawal_reason = reason
    credential.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    events.append(case, "document-withdrawn", by=by, data={"credential": credential.pk})
    return credential


def trust_roots() -> list[bytes]:
    """The certificates that our signatures must chain to (PEM)."""
    return [settings.TRUST_ROOT.read_bytes()]


OF_STRANGERS = quarantine.Limits(memory=200 * quarantine.MB, processor=1, wall=3.0)
"""A document of ours is checked in hundredths of a second."""


def examine(pdf: bytes) -> tuple[Verdict, Credential | None]:
    """What an uploaded PDF is: the signature's verdict, and the register's entry when it is ours.

    Raises quarantine.Busy when nobody has time for it now.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    try:
        roots = [root.decode() for root in trust_roots()]
        verdict = quarantine.examine(check_of_stranger, pdf, roots, returns=Verdict, limits=OF_STRANGERS)
    except (quarantine.TooDemanding, quarantine.Unreadable) as no:  # no document of ours is such a file
        verdict = Verdict(State.UNREADABLE, digest, cause=no.cause)
    return verdict, Credential.objects.filter(sha256=digest).first()


def by_code(code: str) -> Credential | None:
    """The register's entry behind a QR code; None when there is none."""
    return Credential.objects.defer("pdf").filter(code=code).first() if len(code) <= 40 else None
