"""URLs of the officers' sessions, beside allauth's."""

from ..models import Role
from ..rules import READ, WRITE, Rule, officer, route
from . import views

app_name = "people"
ADMIN = frozenset({str(Role.ADMIN)})
urlpatterns = [
    route("devices/", views.devices, "devices", Rule("signed-in")),
    route("devices/end/", views.end, "end", Rule("signed-in", WRITE)),
    route("sign-ins/", views.log, "sign-ins", officer(READ, ADMIN)),
    route("sign-ins/end/", views.end_all, "end-all", officer(WRITE, ADMIN)),
]
