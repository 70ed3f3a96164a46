"""URLs of paying."""

from django.urls import path

from .views import payment, receipt, sandbox

app_name = "payments"
urlpatterns = [
    path("pay/notify/<slug:provider>/", payment.notify, name="notify"),
    path("pay/sandbox/<slug:checkout>/", sandbox.page, name="sandbox"),
    path("pay/<slug:secret>/", payment.pay, name="pay"),
    path("pay/<slug:secret>/start/", payment.start, name="start"),
    path("pay/<slug:secret>/attempts/<uuid:attempt>/", payment.back, name="back"),
    path("pay/<slug:secret>/attempts/<uuid:attempt>/slip.pdf", receipt.slip, name="slip"),
    path("pay/<slug:secret>/receipt.pdf", receipt.receipt, name="receipt"),
    path("pay/<slug:secret>/qr.svg", payment.qr, name="qr"),
]
