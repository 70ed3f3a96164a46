"""All URLs: public pages and desk in three languages, the API, the officers' accounts."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    *i18n_patterns(
        path("accounts/", include("allauth.urls")),
        prefix_default_language=False,
    ),
]
