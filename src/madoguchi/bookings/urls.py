"""URLs of the shop, of orders and tickets, the touchless visit and the board."""

from madoguchi.people.rules import ANYONE, BOTH, Rule, route
from madoguchi.people.verbs import verbs
from madoguchi.platform.brake import limits

from .line import rush
from .views import appointments, changes, orders, shop, tickets, visits

app_name = "bookings"
urlpatterns = [
    route("facilities/", shop.index, "facilities", ANYONE),
    route("facilities/<slug:facility>/", rush.admitted(shop.facility), "facility", ANYONE),
    route("facilities/<slug:facility>/days/<slug:day>/", rush.admitted(shop.day), "day", ANYONE),
    route(
        "facilities/<slug:facility>/slots/<uuid:slot>/",
        rush.admitted(verbs(shop.slot, shop.look, "do", edit=shop.slot, order=shop.order, wait=shop.wait)),
        "slot",
        Rule("anyone", BOTH, brake=limits.ORDER),
    ),
    route(
        "facilities/<slug:facility>/slots/<uuid:slot>/confirm/<slug:token>/",
        rush.admitted(shop.confirmation),
        "confirmation",
        ANYONE,
    ),
    route(
        "facilities/<slug:facility>/appointments/<uuid:slot>/",
        verbs(appointments.appointment, appointments.book),
        "appointment",
        Rule("anyone", BOTH, brake=limits.ORDER),
    ),
    route("orders/", orders.mine, "orders", ANYONE),
    # Who knows an order's secret holds the order; the loader checks it.
    route("orders/<slug:secret>/", orders.show, "order", ANYONE),
    route("orders/<slug:secret>/change/", verbs(changes.choose, changes.move), "change", Rule("anyone", BOTH)),
    route("orders/<slug:secret>/cancel/", verbs(orders.cancellation, orders.cancel), "cancel", Rule("anyone", BOTH)),
    route("waiting/<slug:secret>/", verbs(orders.place_in_line, orders.leave_line), "waiting", Rule("anyone", BOTH)),
    route("orders/<slug:secret>/ticket/", tickets.ticket, "ticket", ANYONE),
    route("orders/<slug:secret>/tickets.pdf", tickets.pdf, "ticket-pdf", ANYONE),
    route("orders/<slug:secret>/visit.ics", tickets.calendar, "ticket-calendar", ANYONE),
    route(
        "visit/<slug:secret>/",
        verbs(visits.visit, visits.arrive, "leave", **{"1": visits.leave}),
        "visit",
        Rule("anyone", BOTH),
    ),
    route("entrance/<slug:facility>/", visits.entrance, "entrance", ANYONE),
    route("board/<slug:facility>/", visits.board, "board", ANYONE),
    route("tickets/keys.json", tickets.keys, "ticket-keys", ANYONE),
]
