"""Reading a case: its flow, clock and read log."""

import json
from datetime import timedelta
from functools import cache
from typing import Literal

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from madoguchi.catalogue.compiled import Compiled

from .clock import Clock
from .flow import Flow
from .flow_check import load_flows
from .models import Case, Channel, Check, Event

LOOKALIKE_DAYS = timedelta(days=30)
"""So far apart two applications that look alike may still be one sent twice; this town's own choice."""
UNDONE = frozenset({"withdrawn", "lapsed"})
"""Results of a case after which applying again is what one does."""


@cache
def flows() -> dict[str, Flow]:
    """Every flow as it lies on disk today, read once; a case follows its version's own. Raises FlowsRefused."""
    return load_flows(settings.FLOWS_DIR)


def flow_of(case: Case) -> Flow:
    """The flow under which the case was filed: a changed file changes nothing of it."""
    return flow_under(case.compiled)


_flows_of_versions: dict[str, Flow] = {}


def flow_under(compiled: Compiled) -> Flow:
    """The flow that a version keeps, compiled once."""
    flow = _flows_of_versions.get(compiled.digest)
    if flow is None:
        flow = _flows_of_versions[compiled.digest] = _shared(json.dumps(compiled.flow, sort_keys=True))
    return flow


@cache
def _shared(tree: str) -> Flow:
    """Versions whose flow is the same share it, with its table."""
    shared: Flow = Flow.model_validate_json(tree)
    return shared


def ticks(case: Case) -> QuerySet[Check]:
    """The ticked lines of the check lists; what was ticked before a correction is to be looked at again."""
    return case.checks.filter(filing=case.filing)


def awaits_payment(case: Case) -> bool:
    """Whether nothing but its unpaid fee keeps the case from going the usual way on (支払い待ち)."""
    flow = flow_of(case)
    if not case.is_open or not case.unpaid:
        return False
    usual = next(iter(flow.step_by_id[case.step].outcomes.values()))
    return flow.waits_for_fee(case.step, usual.to)


def clock(case: Case) -> Clock | None:
    """The standard-period clock of a case; None where no period is set."""
    if case.period_days is None:
        return None
    pauses = tuple((pause.since, pause.until) for pause in case.pauses.order_by("since", "pk"))
    unit: Literal["working", "calendar"] = "calendar" if case.period_unit == "calendar" else "working"
    return Clock(timezone.localdate(case.received_at), case.period_days, unit, pauses)


def read_log(case: Case) -> list[Event]:
    """Who in the office opened the file, newest first."""
    return list(case.events.filter(kind="read").order_by("-seq"))


def lookalikes(of: Case) -> QuerySet[Case]:
    """Other cases that look like this one and arrived about the same time (`applications/likeness.py`)."""
    near = {"received_at__gte": of.received_at - LOOKALIKE_DAYS, "received_at__lte": of.received_at + LOOKALIKE_DAYS}
    alike = Case.objects.filter(likeness=of.likeness, likeness__isnull=False, **near)
    return alike.exclude(pk=of.pk).exclude(result__in=UNDONE)


def has_lookalike() -> Exists:
    """The same as a column of a list."""
    near = Q(received_at__gte=OuterRef("received_at") - LOOKALIKE_DAYS)
    near &= Q(received_at__lte=OuterRef("received_at") + LOOKALIKE_DAYS)
    alike = Case.objects.filter(near, likeness=OuterRef("likeness")).exclude(result__in=UNDONE)
    return Exists(alike.exclude(pk=OuterRef("pk")))


def channel_name(code: str) -> str:
    """A way in, in the reader's language."""
    return str(dict(Channel.choices).get(code, code))
