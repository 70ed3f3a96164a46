"""The cast: residents who apply and officers who answer, as plain functions that make them in the database.

Officers come as actors (`sasaki()`), made once per test; `browser_of(actor)` signs one in. Applications come from the
examples beside each procedure, their files really uploaded: `applied("food-business-permit")` is a submitted case.
"""

from copy import deepcopy
from functools import cache

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.timezone import localdate

from madoguchi.applications.actions import submit
from madoguchi.cases.actions import advance_step, tick, time_out
from madoguchi.cases.queries import flow_of
from madoguchi.catalogue.checking.examples import load_examples
from madoguchi.catalogue.load import build
from madoguchi.catalogue.models import Version
from madoguchi.catalogue.queries import find
from madoguchi.decisions.actions import next_seat, propose
from madoguchi.desk import actions as desk
from madoguchi.foundation.identifiers import new_secret
from madoguchi.people.actor import PUBLIC, officer_actor, worker
from madoguchi.people.keys import COOKIE, case_key
from madoguchi.people.models import Officer, Post
from madoguchi.registers import actions, queries
from madoguchi.simulation.sources import DAY
from tests import paying
from tests.described import Described
from tests.small_files import small_file as small_file
from tests.small_files import small_image as small_image
from tests.small_files import small_pdf as small_pdf
from tests.small_files import uploaded

RESTAURANT, CLOSURE = "food-business-permit", "food-business-closure"
BARBER = "barber-shop-opening"
LICENCE = "construction-licence"
HEALTH, BUILDERS, LEGAL, REFORM = "chuo-health-center", "construction-industry", "legal", "reform"
PASSWORD = "窓口の長い合言葉-2026"

# ---------------------------------------------------------------- officers


def officer(name, office, role, *, second_factor=True):
    """An officer with one post, as an actor; the same name gives the same officer."""
    email = f"{role}.{office}.{name.replace(' ', '')}@minatono.example"
    person, new = Officer.objects.get_or_create(email=email, defaults={"name": name})
    Post.objects.get_or_create(officer=person, office=office, role=role)
    if new and second_factor:
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    return officer_actor(person)


def suzuki():
    """鈴木, who stands at the counter of 中央保健所."""
    return officer("鈴木 まど", HEALTH, "clerk")


def sasaki():
    """佐々木, who works on the cases of 中央保健所."""
    return officer("佐々木 実", HEALTH, "officer")


def ogawa():
    """小川, a colleague of 佐々木."""
    return officer("小川 葵", HEALTH, "officer")


def tanaka():
    """田中, chief (係長) of 中央保健所."""
    return officer("田中 係", HEALTH, "chief")


def yamamoto():
    """山本, manager (課長) of 中央保健所."""
    return officer("山本 課", HEALTH, "manager")


def watanabe():
    """渡部, director (部長) of 中央保健所."""
    return officer("渡部 部", HEALTH, "director")


def nakamura():
    """中村, who has no post at 中央保健所 and stands in for its manager when asked to (`stands_in`)."""
    return officer("中村 代", REFORM, "reform")


def kato():
    """加藤, officer of 建設業課: another office."""
    return officer("加藤 建", BUILDERS, "officer")


def mori():
    """森, who stands at the entrance of the museum: 文化施設課."""
    return officer("森 文", "culture", "clerk")


def norino():
    """法野, manager of 法務課, who joins in refusals (合議)."""
    return officer("法野 理", LEGAL, "manager")


def kanno():
    """管野, administrator, who makes officers and reads no case."""
    return officer("管野 理", REFORM, "admin")


def newcomer():
    """新人, who has a password but no second factor yet."""
    return officer("新人 一", HEALTH, "officer", second_factor=False)


def holder_of_seat(seat):
    """The officer who sits in a seat of the approval chain."""
    known = {"chief": tanaka, "manager": yamamoto, "director": watanabe}
    if seat.office == HEALTH:
        return known[seat.position]()
    return norino() if seat.office == LEGAL else officer(f"{seat.position}の人", seat.office, seat.position)


def worker_of(case):
    """The officer who works on a case, whatever its office."""
    return sasaki() if case.office == HEALTH else officer("担当 太郎", case.office, "officer")


def stands_in(deputy, holder, office, role, *, since, until):
    """The holder's post while absent, with a deputy (代決)."""
    post = Post.objects.get(officer=holder.officer, office=office, role=role)
    post.deputy, post.absent_from, post.absent_until = deputy.officer, since, until
    post.save()
    return post


# ---------------------------------------------------------------- applications


@cache
def _examples(code):
    return {file.stem: example for file, example in load_examples(settings.PROCEDURES_DIR / code)}


def compiled(code=RESTAURANT):
    """The current version of a procedure."""
    return find(code).compiled


def example(code=RESTAURANT, name=None):
    """The answers of an example, by its file's name or the first accepted one; its file ids stand for no file yet."""
    found, usual = _examples(code), {RESTAURANT: "accepted-new-restaurant-person"}.get(code)
    chosen = found[name or usual] if name or usual else next(one for one in found.values() if one.outcome.accepted)
    return deepcopy(chosen.answers)


def answers(code=RESTAURANT, name=None, **changes):
    """The answers of an example with its files uploaded, and some of them changed."""
    given = {**example(code, name), **changes}
    for path, question, ids in list(compiled(code).files_in(given)):
        place = given
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = [uploaded(question.accept[0]).pk for _one in ids]
    return given


def applied(code=RESTAURANT, name=None, *, key=None, channel="online", language="ja", by=PUBLIC, **changes):
    """A submitted case."""
    given = answers(code, name, **changes)
    how = {"key": key or new_secret(), "channel": channel, "language": language, "by": by}
    return submit(compiled=compiled(code), answers=given, **how).case


def without_files():
    """(飲食店営業許可 as if it asked for no files, answers to it): what a short application costs."""
    version = Version.objects.get(pk=compiled().version_id)
    tree = deepcopy(version.definition)
    for section in tree["procedure"]["form"]:
        section["questions"] = [question for question in section["questions"] if question["type"] != "file"]
    given = example()
    files = {path[0] for path, _question, _ids in compiled().files_in(given)}
    return build(tree, {}, version.pk), {key: value for key, value in given.items() if key not in files}


# ---------------------------------------------------------------- the office's work


def drafting(case):
    """The case brought to the step where a decision is drafted, along the usual course."""
    by = worker_of(case)
    case.refresh_from_db()
    case = paying.paid(case)
    while case.step != "drafting":
        outcomes = list(flow_of(case).outcomes(case.step, "officer"))
        if outcomes:
            case = finished(case, outcomes[0], by)
            continue
        case.tasks.filter(closed_at=None).update(due_at=timezone.now())
        time_out(case, by=worker("timer"))
        case.refresh_from_db()
    return case


def ticked(case, by):
    """The lines ticked that must be, before this step is finished."""
    for line in case.compiled.procedure.checklist.get(case.step, ()):
        if line.must:
            tick(case, item=line.id, done=True, by=by)


def step_answers(case):
    """The example's answers to what the present step asks, of today, its files uploaded; None where it asks nothing."""
    if case.step not in case.compiled.procedure.asks:
        return None
    given = deepcopy(next(one.steps[case.step] for one in _examples(case.procedure).values() if case.step in one.steps))
    given |= {name: localdate().isoformat() for name, value in given.items() if DAY.fullmatch(str(value))}
    for path, question, ids in list(case.compiled.at(case.step).files_in(given)):
        given[path[0]] = [uploaded(question.accept[0]).pk for _one in ids]
    return given


def finished(case, outcome, by):
    """The case after an officer finished its step."""
    ticked(case, by)
    answers = step_answers(case)
    if answers is None:
        return advance_step(case, outcome=outcome, by=by)
    desk.finish_step(case, outcome=outcome, answers=answers, seen=case.step, by=by)
    case.refresh_from_db()
    return case


def drafted(case, result="granted", *, by=None, **parts):
    """A draft on its way; a refusal takes the first reason of the definition unless told."""
    if result != "granted":
        reasons = [case.compiled.procedure.refusal_reasons[0].id]
        parts = {"reasons": reasons, "explanation": "現地で、手洗い設備がないことを確認した。", **parts}
    return propose(drafting(case), result=result, by=by or worker_of(case), **parts)


def approved_by_all(draft):
    """The document that the last approval issued."""
    credential = None
    while credential is None:
        credential = desk.approve(draft, by=holder_of_seat(next_seat(draft)))
    return credential


def acknowledged(case):
    """The document of a notification that went the usual way, with its inspection where there is one."""
    by = worker_of(case)
    while "acknowledged" not in {one.to for one in flow_of(case).outcomes(case.step, "officer").values()}:
        case = finished(case, next(iter(flow_of(case).outcomes(case.step, "officer"))), by)
    if case.step in case.compiled.procedure.asks:
        finished(case, next(iter(flow_of(case).outcomes(case.step, "officer"))), by)
        return case.credentials.get()
    ticked(case, by)
    compared(case, by)
    return desk.acknowledge(case, by=by)


def compared(case, by):
    """What the case is about is confirmed where it concerns a register: the number as typed, or that there is none."""
    act = queries.act_of(case)
    if act and not act.begins and case.is_open:
        is_known = queries.find(act.register.register.code, act.number)
        actions.confirm(case, number=act.number if is_known else "", by=by)


def decided(case, result="granted"):
    """The issued document of a case decided along the usual course."""
    if case.compiled.procedure.kind == "notification":
        return acknowledged(case)
    return approved_by_all(drafted(case, result))


# ---------------------------------------------------------------- browsers

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def visitor():
    """A browser that holds nothing."""
    return Described(headers=SAME_SITE, raise_request_exception=False)


def holder(*cases):
    """The browser of somebody who filed these cases."""
    browser = visitor()
    browser.cookies[COOKIE] = signing.dumps({c.reference: case_key(c.pk, c.key_salt) for c in cases}, salt=COOKIE)
    return browser


def browser_of(actor):
    """The browser of an officer who signed in."""
    browser = visitor()
    browser.force_login(actor.officer, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser
