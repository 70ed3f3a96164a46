"""URLs of the gate, for staff."""

from django.urls import path

from .views import gate, poster, visits

app_name = "gate"
urlpatterns = [
    path("", gate.index, name="index"),
    path("worker.js", gate.worker, name="worker"),
    path("<slug:facility>/", gate.page, name="page"),
    path("<slug:facility>/visits/", visits.visits, name="visits"),
    path("<slug:facility>/poster/", poster.poster, name="poster"),
    path("<slug:facility>/day.json", gate.day, name="day"),
    path("<slug:facility>/scans/", gate.scans, name="scans"),
]
