"""URLs of the officers' sessions, beside allauth's."""

from django.urls import path

from . import views

app_name = "people"
urlpatterns = [
    path("devices/", views.devices, name="devices"),
    path("devices/end/", views.end, name="end"),
    path("sign-ins/", views.log, name="sign-ins"),
    path("sign-ins/end/", views.end_all, name="end-all"),
]
