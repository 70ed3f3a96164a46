"""Themes of datasets: CKAN's groups, and DCAT's themes in the words of the EU's data-theme authority table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUTHORITY: Final = "http://publications.europa.eu/resource/authority/data-theme/"

AUTHORITY_NAMES: Final[Mapping[str, str]] = {
    "GOVE": "Government and public sector",
    "ECON": "Economy and finance",
    "TRAN": "Transport",
    "ENVI": "Environment",
    "SOCI": "Population and society",
    "EDUC": "Education, culture and sport",
    "JUST": "Justice, legal system and public safety",
}
"""The preferred labels of the authority table."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject under which datasets stand; `dcat` is the code in the authority table."""

    code: str
    name: str | Promise
    dcat: str


THEMES: Final[Mapping[str, Theme]] = {
    theme.code: theme
    for theme in (
        Theme("government", _("行政と手続"), "GOVE"),
        Theme("business", _("産業と営業"), "ECON"),
        Theme("construction", _("建設と道路"), "TRAN"),
        Theme("environment", _("環境"), "ENVI"),
        Theme("community", _("くらしと地域"), "SOCI"),
        Theme("culture", _("施設と文化"), "EDUC"),
        Theme("safety", _("防災と安全"), "JUST"),
    )
}
