"""URLs of the gate, for staff."""

from madoguchi.people.rules import BOTH, COUNTER, READ, WRITE, officer, route
from madoguchi.people.verbs import verbs

from .views import gate, poster, visits

app_name = "gate"
urlpatterns = [
    route("", gate.index, "index", officer(READ, COUNTER)),
    route("worker.js", gate.worker, "worker", officer(READ, COUNTER)),
    route("<slug:facility>/", verbs(gate.page, gate.check), "page", officer(BOTH, COUNTER)),
    route(
        "<slug:facility>/visits/",
        verbs(visits.visits, visits.call, "what", end=visits.end, absent=visits.end),
        "visits",
        officer(BOTH, COUNTER),
    ),
    route("<slug:facility>/poster/", poster.poster, "poster", officer(READ, COUNTER)),
    route("<slug:facility>/day.json", gate.day, "day", officer(READ, COUNTER)),
    route("<slug:facility>/scans/", gate.scans, "scans", officer(WRITE, COUNTER)),
]
