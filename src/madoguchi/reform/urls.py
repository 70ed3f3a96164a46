"""URLs of the reform pages, public and at the desk."""

from madoguchi.people.rules import BOTH, OPEN, READ, WRITE, Rule, officer, route
from madoguchi.platform.brake import limits

from .actions import REPORTERS
from .views import boards, desk, public

app_name = "reform"
PROJECT = "projects/<slug:edition>/<slug:code>/"
urlpatterns = [
    route("reform/", public.overview, "overview", OPEN),
    route(f"reform/{PROJECT}", public.project, "project", OPEN),
    route(f"reform/{PROJECT}rate/", public.rate, "rate", Rule("anyone", WRITE, brake=limits.ASK)),
    route("reform/indicators/", public.indicators, "indicators", OPEN),
    route("reform/indicators/<slug:code>/", public.indicator, "indicator", OPEN),
    route("reform/five-less/", boards.five_less, "five-less", OPEN),
    route("reform/quality/", boards.quality, "quality", OPEN),
    route("reform/quality/<slug:code>/", boards.service, "service", OPEN),
    route("reform/quarter.pdf", boards.snapshot, "snapshot", OPEN),
    route("desk/reform/", desk.home, "desk", officer(READ)),
    route(f"desk/reform/{PROJECT}", desk.project, "desk-project", officer(READ, REPORTERS)),
    route(
        f"desk/reform/{PROJECT}reports/<int:year>/<int:number>/",
        desk.report,
        "desk-report",
        officer(BOTH, REPORTERS),
    ),
    route(f"desk/reform/{PROJECT}reply/", desk.reply, "desk-reply", officer(WRITE, REPORTERS)),
    route("desk/reform/indicators/<slug:code>/", desk.indicator, "desk-indicator", officer(BOTH, REPORTERS)),
    route("desk/reform/register/", desk.register, "desk-register", officer(BOTH, REPORTERS)),
    route("desk/reform/register/<int:number>/", desk.item, "desk-item", officer(BOTH, REPORTERS)),
]
