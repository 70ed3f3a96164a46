"""The access table's rows for the reform pages."""

from madoguchi.people.access import Rule
from madoguchi.platform.brake.limits import ASK

from .actions import REPORTERS

READ = frozenset({"GET", "HEAD"})
WRITE = frozenset({"POST"})

ROWS: dict[str, Rule] = {
    "reform:overview": Rule("anyone", shared=True),
    "reform:project": Rule("anyone", shared=True),
    "reform:rate": Rule("anyone", WRITE, brake=ASK),
    "reform:indicators": Rule("anyone", shared=True),
    "reform:indicator": Rule("anyone", shared=True),
    "reform:five-less": Rule("anyone", shared=True),
    "reform:quality": Rule("anyone", shared=True),
    "reform:service": Rule("anyone", shared=True),
    "reform:snapshot": Rule("anyone", shared=True),
    "reform:desk": Rule("officer", READ),
    "reform:desk-project": Rule("officer", READ, REPORTERS),
    "reform:desk-report": Rule("officer", READ | WRITE, REPORTERS),
    "reform:desk-reply": Rule("officer", WRITE, REPORTERS),
    "reform:desk-indicator": Rule("officer", READ | WRITE, REPORTERS),
    "reform:desk-register": Rule("officer", READ | WRITE, REPORTERS),
    "reform:desk-item": Rule("officer", READ | WRITE, REPORTERS),
}
