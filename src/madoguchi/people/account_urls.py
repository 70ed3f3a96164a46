"""URLs of the officers' sessions, beside allauth's."""

from django.urls import path

from . import account_views

app_name = "people"
urlpatterns = [
    path("devices/", account_views.devices, name="devices"),
    path("devices/end/", account_views.end, name="end"),
    path("sign-ins/", account_views.log, name="sign-ins"),
    path("sign-ins/end/", account_views.end_all, name="end-all"),
]
