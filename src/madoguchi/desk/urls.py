"""URLs of the desk."""

from madoguchi.people.models import Role
from madoguchi.people.rules import APPROVE, BOTH, COUNTER, READ, WORKERS, WRITE, officer, route

from .views import case, counter, differences, figures, files, inbox, me, money, papers, registers, statements, steps

app_name = "desk"
FIGURES = WORKERS | {str(Role.REFORM)}
MANAGERS = frozenset(map(str, (Role.MANAGER, Role.DIRECTOR)))
TREASURERS = frozenset(map(str, (Role.OFFICER, Role.MANAGER)))
CASE = "cases/<str:reference>/"
urlpatterns = [
    route("", inbox.inbox, "inbox", officer(READ)),
    route("me/", me.me, "me", officer(BOTH)),
    route(CASE, case.case, "case", officer(READ, COUNTER)),
    route(f"{CASE}take/", case.take, "take", officer(WRITE, WORKERS)),
    route(f"{CASE}step/", case.step, "step", officer(WRITE, WORKERS)),
    route(f"{CASE}answers/", steps.answers, "step-answers", officer(BOTH, WORKERS)),
    route(f"{CASE}correction/", papers.correction, "correction", officer(BOTH, WORKERS)),
    route(f"{CASE}notes/", case.note, "note", officer(WRITE, COUNTER)),
    route(f"{CASE}checks/", case.check, "check", officer(WRITE, WORKERS)),
    route(f"{CASE}consultations/", case.consult, "consult", officer(WRITE, WORKERS)),
    route(f"{CASE}consultations/<int:number>/", case.answer, "answer", officer(WRITE, WORKERS)),
    route(f"{CASE}draft/", papers.draft, "draft", officer(BOTH, WORKERS)),
    route(f"{CASE}drafts/<int:number>/preview/", files.preview, "preview", officer(READ, WORKERS)),
    # A deputy may be any colleague: whose turn it is, the action itself decides.
    route(f"{CASE}drafts/<int:number>/approve/", case.approve, "approve", officer(WRITE, WORKERS)),
    route(f"{CASE}drafts/<int:number>/send-back/", case.send_back, "send-back", officer(WRITE, WORKERS)),
    route(f"{CASE}acknowledge/", case.acknowledge, "acknowledge", officer(BOTH, WORKERS)),
    route(f"{CASE}documents/<int:number>/", files.document, "document", officer(READ, COUNTER)),
    route(
        f"{CASE}documents/<int:number>/withdraw/",
        case.withdraw_document,
        "withdraw-document",
        officer(WRITE, APPROVE),
    ),
    route(
        f"{CASE}documents/<int:number>/handed-over/",
        case.hand_over_document,
        "hand-over-document",
        officer(WRITE, COUNTER),
    ),
    route(f"{CASE}visitor/correction/", counter.correct, "visitor-correct", officer(BOTH, COUNTER)),
    route(
        f"{CASE}visitor/correction/<slug:token>/",
        counter.correct_sheet,
        "visitor-correct-sheet",
        officer(READ, COUNTER),
    ),
    route(f"{CASE}visitor/withdrawal/", case.visitor_withdraws, "visitor-withdraws", officer(WRITE, COUNTER)),
    route(f"{CASE}files/<slug:upload>/", files.file, "file", officer(READ, COUNTER)),
    route(f"{CASE}flow.bpmn", files.bpmn, "bpmn", officer(READ, COUNTER)),
    route(f"{CASE}holding/", registers.confirm, "confirm-holding", officer(WRITE, WORKERS)),
    route("registers/", registers.registers, "registers", officer(READ, COUNTER)),
    route("registers/<slug:code>/", registers.register, "register", officer(READ, COUNTER)),
    route("registers/<slug:code>/<uuid:holding>/", registers.one, "holding", officer(READ, COUNTER)),
    route("charges/", money.find, "find-charge", officer(READ, COUNTER)),
    route("charges/<str:charge>/", money.charge, "charge", officer(READ, COUNTER)),
    route("charges/<str:charge>/take/", money.take, "take-payment", officer(WRITE, COUNTER)),
    route("charges/<str:charge>/reduce/", money.reduce, "reduce", officer(WRITE, WORKERS)),
    route("charges/<str:charge>/refund/", money.refund, "refund", officer(WRITE, WORKERS)),
    route("charges/<str:charge>/write-off/", money.write_off, "write-off", officer(WRITE, MANAGERS)),
    route("charges/<str:charge>/refunds/<uuid:refund>/", money.repaid, "repaid", officer(WRITE, COUNTER)),
    route("till/", money.till_day, "till", officer(BOTH, COUNTER)),
    route("differences/", differences.differences, "differences", officer(BOTH, TREASURERS)),
    route("statement/", statements.statement, "statement", officer(BOTH, COUNTER)),
    route("treasury/", money.treasury, "treasury", officer(READ, COUNTER)),
    route("treasury.csv", money.treasury_csv, "treasury-csv", officer(READ, COUNTER)),
    route("procedures/<slug:code>/flow/", figures.flow, "flow", officer(READ, FIGURES)),
    route("procedures/<slug:code>/flow.bpmn", figures.process, "process", officer(READ, FIGURES)),
    route("procedures/<slug:code>/flow.xes", figures.log, "event-log", officer(READ, FIGURES)),
    route("counter/", counter.choose, "counter", officer(READ, COUNTER)),
    route("counter/<slug:code>/apply/", counter.form, "counter-form", officer(READ, COUNTER)),
    route("counter/<slug:code>/apply/<slug:token>/", counter.sheet, "counter-sheet", officer(READ, COUNTER)),
    route("counter/<slug:code>/confirm/", counter.confirm, "counter-confirm", officer(BOTH, COUNTER)),
    route(
        "counter/<slug:code>/confirm/<slug:token>/",
        counter.confirmation,
        "counter-confirmation",
        officer(READ, COUNTER),
    ),
    route("counter/<slug:code>/submit/", counter.submit, "counter-submit", officer(BOTH, COUNTER)),
    route(
        "counter/received/<str:reference>/receipt.pdf",
        counter.receipt_paper,
        "counter-receipt",
        officer(READ, COUNTER),
    ),
    route("counter/received/<str:reference>/", counter.received, "counter-received", officer(BOTH, COUNTER)),
]
