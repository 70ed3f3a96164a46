"""Fixed addresses for load balancers and Prometheus, without a language."""

from django.urls import path

from . import views

app_name = "monitoring"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
