"""URLs of the statistics."""

from madoguchi.people.rules import OPEN, WRITE, Rule, route
from madoguchi.platform.brake import limits

from . import views

app_name = "figures"
urlpatterns = [
    route("statistics/", views.statistics, "statistics", OPEN),
    route(
        "procedures/versions/<int:version>/reached/", views.reached, "reached", Rule("anyone", WRITE, brake=limits.TELL)
    ),
    route("statistics/<slug:code>/", views.procedure, "procedure", OPEN),
]
