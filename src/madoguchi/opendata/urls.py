"""Pages of the catalogue."""

from django.urls import path

from .serving import views

app_name = "opendata"
urlpatterns = [
    path("datasets/", views.datasets, name="datasets"),
    path("datasets/<slug:code>/", views.dataset, name="dataset"),
    path("datasets/<slug:code>/changes/", views.compare, name="compare"),
    path("datasets/<slug:code>/changes/<int:before>/<int:after>/", views.changes, name="changes"),
]
