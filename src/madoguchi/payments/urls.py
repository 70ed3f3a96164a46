"""URLs of paying."""

from django.urls import path

from . import views, views_receipt
from .providers.sandbox import page as sandbox

app_name = "payments"
urlpatterns = [
    path("pay/notify/<slug:provider>/", views.notify, name="notify"),
    path("pay/sandbox/<slug:checkout>/", sandbox.page, name="sandbox"),
    path("pay/<slug:secret>/", views.pay, name="pay"),
    path("pay/<slug:secret>/start/", views.start, name="start"),
    path("pay/<slug:secret>/attempts/<uuid:attempt>/", views.back, name="back"),
    path("pay/<slug:secret>/attempts/<uuid:attempt>/slip.pdf", views_receipt.slip, name="slip"),
    path("pay/<slug:secret>/receipt.pdf", views_receipt.receipt, name="receipt"),
    path("pay/<slug:secret>/qr.svg", views.qr, name="qr"),
]
