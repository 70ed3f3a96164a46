"""Addresses for programs: without a language."""

from madoguchi.people.rules import BOTH, OPEN, Rule, re_route, route

from .models.datasets import Resource
from .serving import views
from .serving.ckan import dump
from .serving.ckan import views as ckan_views

_KINDS = "|".join(Resource.Format.values)

app_name = "opendata-api"
urlpatterns = [
    re_route(
        r"^api/(?:3/)?action/(?P<action>[a-z_]{1,60})/?$",
        ckan_views.action,
        "ckan",
        Rule("anyone", BOTH, shared=True, unbraked="reads, as CKAN's clients do; has its own limits"),
    ),
    route("datastore/dump/<str:resource>", dump.dump, "dump", OPEN),
    route("catalog", views.negotiated, "negotiated", OPEN),
    re_route(r"^catalog\.(?P<kind>jsonld|ttl|rdf)$", views.catalog, "catalog", OPEN),
    route("datasets/<slug:code>/datapackage.json", views.datapackage, "datapackage", OPEN),
    re_route(
        r"^datasets/(?P<code>[-\w]+)/(?P<file_name>[-\w]+\.csv)-metadata\.json$", views.metadata, "metadata", OPEN
    ),
    re_route(rf"^datasets/(?P<code>[-\w]+)/(?P<file_name>[-\w]+\.(?:{_KINDS}))$", views.file, "file", OPEN),
]
