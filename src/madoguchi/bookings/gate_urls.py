"""URLs of the gate, for staff."""

from django.urls import path

from . import gate_views, poster, visit_views

app_name = "gate"
urlpatterns = [
    path("", gate_views.index, name="index"),
    path("worker.js", gate_views.worker, name="worker"),
    path("<slug:facility>/", gate_views.page, name="page"),
    path("<slug:facility>/visits/", visit_views.visits, name="visits"),
    path("<slug:facility>/poster/", poster.poster, name="poster"),
    path("<slug:facility>/day.json", gate_views.day, name="day"),
    path("<slug:facility>/scans/", gate_views.scans, name="scans"),
]
