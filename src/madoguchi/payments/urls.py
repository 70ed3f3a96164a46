"""URLs of paying."""

from madoguchi.people.rules import ANYONE, BOTH, WRITE, Rule, route
from madoguchi.people.verbs import verbs

from .views import payment, receipt, sandbox

app_name = "payments"
urlpatterns = [
    route(
        "pay/notify/<slug:provider>/",
        payment.notify,
        "notify",
        Rule("anyone", WRITE, unbraked="a provider's, signed: many at once after a fault of theirs"),
    ),
    route("pay/sandbox/<slug:checkout>/", verbs(sandbox.page, sandbox.press), "sandbox", Rule("anyone", BOTH)),
    route("pay/<slug:secret>/", payment.pay, "pay", ANYONE),
    route("pay/<slug:secret>/start/", payment.start, "start", Rule("anyone", WRITE)),
    route("pay/<slug:secret>/attempts/<uuid:attempt>/", payment.back, "back", ANYONE),
    route("pay/<slug:secret>/attempts/<uuid:attempt>/slip.pdf", receipt.slip, "slip", ANYONE),
    route(
        "pay/<slug:secret>/receipt.pdf", verbs(receipt.receipt, receipt.receipt_named), "receipt", Rule("anyone", BOTH)
    ),
    route("pay/<slug:secret>/qr.svg", payment.qr, "qr", ANYONE),
]
