"""What the tests of the reform office need: a project of the reform office, and cases counted into the figures."""

from decimal import Decimal

from madoguchi.figures.rollup import roll
from madoguchi.foundation.identifiers import new_secret
from madoguchi.participation.actions import rate as rate_service
from madoguchi.people.actor import PUBLIC, applicant
from madoguchi.reform import actions
from madoguchi.reform.rules import Quarter
from tests import town

OWN = "minatono-1/paperless-counter"
REAL = "shin-tosei-1/core-2"
FIRST = Quarter(2026, 1)


def reported(quarter=FIRST, *, by=None, seen=0, cause="", progress="点検を終えた。", next="公開する。", ref=OWN):
    """A report as the reform office writes it."""
    return actions.report(ref, quarter, progress=progress, next=next, cause=cause, seen=seen, by=by or town.nakamura())


def rated(score=4, *, ref=OWN, comment="", key=None):
    """A visitor's rating."""
    return actions.rate(ref, score=score, comment=comment, key=key or new_secret(), by=PUBLIC)


def entered(
    month, value="1200", *, by=None, bureau="health", seen=0, cause="", evidence="購入伝票4月分", code="sheets-used"
):
    """A bureau's value of a month."""
    return actions.enter(
        code, bureau=bureau, month=month, value=Decimal(value), evidence=evidence, cause=cause, seen=seen,
        by=by or town.nakamura(),
    )  # fmt: skip


def counted(online, counter, *, scores=()):
    """Cases of the restaurant permit by channel, some of them rated, added up."""
    cases = [town.applied() for _one in range(online)]
    cases += [town.applied(channel="counter", by=town.suzuki()) for _one in range(counter)]
    for case, score in zip(cases, scores, strict=False):
        rate_service(case, score=score, comment="", by=applicant(case.reference))
    roll()
    return cases
