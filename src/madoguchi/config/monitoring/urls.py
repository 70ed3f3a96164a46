"""Fixed addresses for load balancers and Prometheus, without a language."""

from madoguchi.people.rules import ANYONE, Rule, route

from . import views

app_name = "monitoring"
urlpatterns = [
    route("healthz", views.healthz, "healthz", ANYONE),
    route("readyz", views.readyz, "readyz", ANYONE),
    route("metrics", views.metrics, "metrics", Rule("operator")),
]
