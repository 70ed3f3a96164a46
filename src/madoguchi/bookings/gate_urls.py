"""URLs of the gate, for staff."""

from madoguchi.people.rules import BOTH, COUNTER, READ, WRITE, officer, route

from .views import gate, poster, visits

app_name = "gate"
urlpatterns = [
    route("", gate.index, "index", officer(READ, COUNTER)),
    route("worker.js", gate.worker, "worker", officer(READ, COUNTER)),
    route("<slug:facility>/", gate.page, "page", officer(BOTH, COUNTER)),
    route("<slug:facility>/visits/", visits.visits, "visits", officer(BOTH, COUNTER)),
    route("<slug:facility>/poster/", poster.poster, "poster", officer(READ, COUNTER)),
    route("<slug:facility>/day.json", gate.day, "day", officer(READ, COUNTER)),
    route("<slug:facility>/scans/", gate.scans, "scans", officer(WRITE, COUNTER)),
]
