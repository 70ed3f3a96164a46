"""URLs of the statistics."""

from django.urls import path

from . import views

app_name = "figures"
urlpatterns = [
    path("statistics/", views.statistics, name="statistics"),
    path("procedures/versions/<int:version>/reached/", views.reached, name="reached"),
    path("statistics/<slug:code>/", views.procedure, name="procedure"),
]
