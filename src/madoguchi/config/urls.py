"""All URLs: public pages and desk in three languages, the officers' accounts, the API."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from madoguchi.people.account.brought import BROUGHT
from madoguchi.people.rules import Brought

from .api import api, rules

urlpatterns = [
    Brought(path("api/v1/", api.urls), rules()),
    path("", include("madoguchi.opendata.urls_machines")),
    path("", include("madoguchi.counter.machine_urls")),
    path("", include("madoguchi.config.monitoring.urls")),
    *i18n_patterns(
        path("", include("madoguchi.counter.urls")),
        path("", include("madoguchi.applications.urls")),
        path("", include("madoguchi.payments.urls")),
        path("", include("madoguchi.figures.urls")),
        path("", include("madoguchi.bookings.urls")),
        path("desk/sale/", include("madoguchi.bookings.sale_urls")),
        path("desk/gate/", include("madoguchi.bookings.gate_urls")),
        path("", include("madoguchi.opendata.requests.urls")),
        path("", include("madoguchi.opendata.urls")),
        path("", include("madoguchi.reform.urls")),
        path("desk/data/", include("madoguchi.opendata.uploads.urls")),
        path("desk/", include("madoguchi.desk.urls")),
        path("accounts/", include("madoguchi.people.account.urls")),
        Brought(path("accounts/", include("allauth.urls")), BROUGHT),
        prefix_default_language=False,
    ),
]

handler400 = "madoguchi.design.errors.bad_request"
handler429 = "madoguchi.people.brake.words.too_often"
handler403 = "madoguchi.design.errors.forbidden"
handler404 = "madoguchi.design.errors.not_found"
handler500 = "madoguchi.config.outages.broken"
