"""The access table's rows for the desk."""

from madoguchi.people.access import Rule
from madoguchi.people.models import APPROVERS, CASE_WORKERS, Role

READ = frozenset({"GET", "HEAD"})
WRITE = frozenset({"POST"})
WORKERS = frozenset(map(str, CASE_WORKERS))
COUNTER = WORKERS | {str(Role.CLERK)}

ROWS: dict[str, Rule] = {
    "desk:inbox": Rule("officer", READ),
    "desk:me": Rule("officer", READ | WRITE),
    "desk:case": Rule("officer", READ, COUNTER),
    "desk:file": Rule("officer", READ, COUNTER),
    "desk:document": Rule("officer", READ, COUNTER),
    "desk:take": Rule("officer", WRITE, WORKERS),
    "desk:step": Rule("officer", WRITE, WORKERS),
    "desk:correction": Rule("officer", READ | WRITE, WORKERS),
    "desk:note": Rule("officer", WRITE, COUNTER),
    "desk:check": Rule("officer", WRITE, WORKERS),
    "desk:consult": Rule("officer", WRITE, WORKERS),
    "desk:answer": Rule("officer", WRITE, WORKERS),
    "desk:draft": Rule("officer", READ | WRITE, WORKERS),
    "desk:preview": Rule("officer", READ, WORKERS),
    # A deputy may be any colleague: whose turn it is, the action itself decides.
    "desk:approve": Rule("officer", WRITE, WORKERS),
    "desk:send-back": Rule("officer", WRITE, WORKERS),
    "desk:acknowledge": Rule("officer", WRITE, WORKERS),
    "desk:withdraw-document": Rule("officer", WRITE, frozenset(map(str, APPROVERS))),
    "desk:hand-over-document": Rule("officer", WRITE, COUNTER),
    "desk:visitor-correct": Rule("officer", READ | WRITE, COUNTER),
    "desk:visitor-withdraws": Rule("officer", WRITE, COUNTER),
    "desk:bpmn": Rule("officer", READ, COUNTER),
    "desk:find-charge": Rule("officer", READ, COUNTER),
    "desk:charge": Rule("officer", READ, COUNTER),
    "desk:take-payment": Rule("officer", WRITE, COUNTER),
    "desk:reduce": Rule("officer", WRITE, WORKERS),
    "desk:refund": Rule("officer", WRITE, WORKERS),
    "desk:write-off": Rule("officer", WRITE, frozenset({str(Role.MANAGER), str(Role.DIRECTOR)})),
    "desk:repaid": Rule("officer", WRITE, COUNTER),
    "desk:till": Rule("officer", READ | WRITE, COUNTER),
    "desk:differences": Rule("officer", READ | WRITE, frozenset({str(Role.OFFICER), str(Role.MANAGER)})),
    "desk:statement": Rule("officer", READ | WRITE, COUNTER),
    "desk:treasury": Rule("officer", READ, COUNTER),
    "desk:treasury-csv": Rule("officer", READ, COUNTER),
    "desk:flow": Rule("officer", READ, WORKERS | {str(Role.REFORM)}),
    "desk:process": Rule("officer", READ, WORKERS | {str(Role.REFORM)}),
    "desk:event-log": Rule("officer", READ, WORKERS | {str(Role.REFORM)}),
    "desk:counter": Rule("officer", READ, COUNTER),
    "desk:counter-form": Rule("officer", READ, COUNTER),
    "desk:counter-confirm": Rule("officer", WRITE, COUNTER),
    "desk:counter-submit": Rule("officer", WRITE, COUNTER),
    "desk:counter-received": Rule("officer", READ | WRITE, COUNTER),
    "sale:index": Rule("officer", READ, COUNTER),
    "sale:facility": Rule("officer", READ, COUNTER),
    "sale:day": Rule("officer", READ, COUNTER),
    "sale:slot": Rule("officer", READ | WRITE, COUNTER),
    "sale:appointment": Rule("officer", READ | WRITE, COUNTER),
    "sale:sold": Rule("officer", READ, COUNTER),
    "sale:close": Rule("officer", READ | WRITE, WORKERS),
    "gate:index": Rule("officer", READ, COUNTER),
    "gate:page": Rule("officer", READ | WRITE, COUNTER),
    "gate:day": Rule("officer", READ, COUNTER),
    "gate:scans": Rule("officer", WRITE, COUNTER),
    "gate:poster": Rule("officer", READ, COUNTER),
    "gate:visits": Rule("officer", READ | WRITE, COUNTER),
    "gate:worker": Rule("officer", READ, COUNTER),
}
