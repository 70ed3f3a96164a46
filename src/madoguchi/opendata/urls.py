"""Pages of the catalogue."""

from madoguchi.people.rules import OPEN, route

from .serving import views

app_name = "opendata"
urlpatterns = [
    route("datasets/", views.datasets, "datasets", OPEN),
    route("datasets/<slug:code>/", views.dataset, "dataset", OPEN),
    route("datasets/<slug:code>/changes/", views.compare, "compare", OPEN),
    route("datasets/<slug:code>/changes/<int:before>/<int:after>/", views.changes, "changes", OPEN),
]
