"""URLs of the sale at a real counter, and of closing a day, for staff."""

from madoguchi.people.rules import BOTH, COUNTER, READ, WORKERS, officer, route
from madoguchi.people.verbs import verbs

from .views import appointments, counter, shop

app_name = "sale"
urlpatterns = [
    route("", counter.index, "index", officer(READ, COUNTER)),
    route("sold/<slug:secret>/", counter.sold, "sold", officer(READ, COUNTER)),
    route("<slug:facility>/", shop.facility, "facility", officer(READ, COUNTER), channel="counter"),
    route("<slug:facility>/days/<slug:day>/", shop.day, "day", officer(READ, COUNTER), channel="counter"),
    route(
        "<slug:facility>/days/<slug:day>/close/", verbs(counter.closing, counter.close), "close", officer(BOTH, WORKERS)
    ),
    route(
        "<slug:facility>/appointments/<uuid:slot>/",
        verbs(appointments.appointment, appointments.book),
        "appointment",
        officer(BOTH, COUNTER),
        channel="counter",
    ),
    route(
        "<slug:facility>/slots/<uuid:slot>/",
        verbs(shop.slot, shop.look, "do", edit=shop.slot, order=shop.order),
        "slot",
        officer(BOTH, COUNTER),
        channel="counter",
    ),
    route(
        "<slug:facility>/slots/<uuid:slot>/confirm/<slug:token>/",
        shop.confirmation,
        "confirmation",
        officer(READ, COUNTER),
        channel="counter",
    ),
]
