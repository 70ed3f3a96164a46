"""URLs of the desk."""

from django.urls import path

from .views import case, counter, differences, figures, files, inbox, me, money, papers, statements

app_name = "desk"
CASE = "cases/<str:reference>/"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("me/", me.me, name="me"),
    path(CASE, case.case, name="case"),
    path(f"{CASE}take/", case.take, name="take"),
    path(f"{CASE}step/", case.step, name="step"),
    path(f"{CASE}correction/", papers.correction, name="correction"),
    path(f"{CASE}notes/", case.note, name="note"),
    path(f"{CASE}checks/", case.check, name="check"),
    path(f"{CASE}consultations/", case.consult, name="consult"),
    path(f"{CASE}consultations/<int:number>/", case.answer, name="answer"),
    path(f"{CASE}draft/", papers.draft, name="draft"),
    path(f"{CASE}drafts/<int:number>/preview/", files.preview, name="preview"),
    path(f"{CASE}drafts/<int:number>/approve/", case.approve, name="approve"),
    path(f"{CASE}drafts/<int:number>/send-back/", case.send_back, name="send-back"),
    path(f"{CASE}acknowledge/", case.acknowledge, name="acknowledge"),
    path(f"{CASE}documents/<int:number>/", files.document, name="document"),
    path(f"{CASE}documents/<int:number>/withdraw/", case.withdraw_document, name="withdraw-document"),
    path(f"{CASE}documents/<int:number>/handed-over/", case.hand_over_document, name="hand-over-document"),
    path(f"{CASE}visitor/correction/", counter.correct, name="visitor-correct"),
    path(f"{CASE}visitor/withdrawal/", case.visitor_withdraws, name="visitor-withdraws"),
    path(f"{CASE}files/<slug:upload>/", files.file, name="file"),
    path(f"{CASE}flow.bpmn", files.bpmn, name="bpmn"),
    path("charges/", money.find, name="find-charge"),
    path("charges/<str:charge>/", money.charge, name="charge"),
    path("charges/<str:charge>/take/", money.take, name="take-payment"),
    path("charges/<str:charge>/reduce/", money.reduce, name="reduce"),
    path("charges/<str:charge>/refund/", money.refund, name="refund"),
    path("charges/<str:charge>/write-off/", money.write_off, name="write-off"),
    path("charges/<str:charge>/refunds/<uuid:refund>/", money.repaid, name="repaid"),
    path("till/", money.till_day, name="till"),
    path("differences/", differences.differences, name="differences"),
    path("statement/", statements.statement, name="statement"),
    path("treasury/", money.treasury, name="treasury"),
    path("treasury.csv", money.treasury_csv, name="treasury-csv"),
    path("procedures/<slug:code>/flow/", figures.flow, name="flow"),
    path("procedures/<slug:code>/flow.bpmn", figures.process, name="process"),
    path("procedures/<slug:code>/flow.xes", figures.log, name="event-log"),
    path("counter/", counter.choose, name="counter"),
    path("counter/<slug:code>/apply/", counter.form, name="counter-form"),
    path("counter/<slug:code>/confirm/", counter.confirm, name="counter-confirm"),
    path("counter/<slug:code>/submit/", counter.submit, name="counter-submit"),
    path("counter/received/<str:reference>/receipt.pdf", counter.receipt_paper, name="counter-receipt"),
    path("counter/received/<str:reference>/", counter.received, name="counter-received"),
]
