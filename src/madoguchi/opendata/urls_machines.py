"""Addresses for programs: without a language."""

from django.urls import re_path

from . import ckan_views

app_name = "opendata-api"
urlpatterns = [
    re_path(r"^api/(?:3/)?action/(?P<action>[a-z_]{1,60})/?$", ckan_views.action, name="ckan"),
]
