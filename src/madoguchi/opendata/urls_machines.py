"""Addresses for programs: without a language."""

from django.urls import path, re_path

from .models.datasets import Resource
from .serving import views
from .serving.ckan import dump
from .serving.ckan import views as ckan_views

_KINDS = "|".join(Resource.Format.values)

app_name = "opendata-api"
urlpatterns = [
    re_path(r"^api/(?:3/)?action/(?P<action>[a-z_]{1,60})/?$", ckan_views.action, name="ckan"),
    path("datastore/dump/<str:resource>", dump.dump, name="dump"),
    path("catalog", views.negotiated, name="negotiated"),
    re_path(r"^catalog\.(?P<kind>jsonld|ttl|rdf)$", views.catalog, name="catalog"),
    path("datasets/<slug:code>/datapackage.json", views.datapackage, name="datapackage"),
    re_path(r"^datasets/(?P<code>[-\w]+)/(?P<file_name>[-\w]+\.csv)-metadata\.json$", views.metadata, name="metadata"),
    re_path(rf"^datasets/(?P<code>[-\w]+)/(?P<file_name>[-\w]+\.(?:{_KINDS}))$", views.file, name="file"),
]
