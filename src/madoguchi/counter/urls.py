"""URLs of the public pages."""

from madoguchi.people.rules import ANYONE, BOTH, HOLDER, OPEN, WRITE, Rule, route
from madoguchi.platform.brake import limits

from . import known, views

app_name = "counter"
urlpatterns = [
    route("", views.home, "home", OPEN),
    route("procedures/", views.procedures, "procedures", OPEN),
    route("procedures/<slug:code>/", views.procedure, "procedure", OPEN),
    route("procedures/<slug:code>/known/", known.start, "known", Rule("anyone", BOTH, brake=limits.EXAMINE)),
    route("applications/<str:reference>/", views.case, "case", HOLDER),
    route("applications/<str:reference>/pay/", views.pay, "pay", HOLDER),
    route("applications/<str:reference>/receipt.pdf", views.receipt_paper, "receipt-paper", HOLDER),
    route("applications/<str:reference>/withdraw/", views.withdraw, "withdraw", Rule("holder", BOTH)),
    route("applications/<str:reference>/rate/", views.rate, "rate", Rule("holder", WRITE)),
    route("applications/<str:reference>/documents/<int:number>/", views.document, "document", HOLDER),
    route("applications/<str:reference>/files/<slug:upload>/", views.file, "file", HOLDER),
    route("verify/", views.verify, "verify", Rule("anyone", BOTH, brake=limits.EXAMINE)),
    route("verify/root.pem", views.root_certificate, "root-certificate", OPEN),
    route("verify/<slug:code>/", views.verify_code, "verify-code", ANYONE),
    route("accessibility/", views.accessibility, "accessibility", OPEN),
]
