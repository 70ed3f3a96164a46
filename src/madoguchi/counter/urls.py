"""URLs of the public pages."""

from django.urls import path

from . import views

app_name = "counter"
urlpatterns = [
    path("", views.home, name="home"),
    path("procedures/", views.procedures, name="procedures"),
    path("procedures/<slug:code>/", views.procedure, name="procedure"),
    path("applications/<str:reference>/", views.case, name="case"),
    path("applications/<str:reference>/pay/", views.pay, name="pay"),
    path("applications/<str:reference>/receipt.pdf", views.receipt_paper, name="receipt-paper"),
    path("applications/<str:reference>/withdraw/", views.withdraw, name="withdraw"),
    path("applications/<str:reference>/rate/", views.rate, name="rate"),
    path("applications/<str:reference>/documents/<int:number>/", views.document, name="document"),
    path("applications/<str:reference>/files/<slug:upload>/", views.file, name="file"),
    path("verify/", views.verify, name="verify"),
    path("verify/root.pem", views.root_certificate, name="root-certificate"),
    path("verify/<slug:code>/", views.verify_code, name="verify-code"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
