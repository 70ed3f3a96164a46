"""URLs of the shop, of orders and tickets, the touchless visit and the board."""

from django.urls import path

from .line import rush
from .views import appointments, changes, orders, shop, tickets, visits

app_name = "bookings"
urlpatterns = [
    path("facilities/", shop.index, name="facilities"),
    path("facilities/<slug:facility>/", rush.admitted(shop.facility), name="facility"),
    path("facilities/<slug:facility>/days/<slug:day>/", rush.admitted(shop.day), name="day"),
    path("facilities/<slug:facility>/slots/<uuid:slot>/", rush.admitted(shop.slot), name="slot"),
    path(
        "facilities/<slug:facility>/slots/<uuid:slot>/confirm/<slug:token>/",
        rush.admitted(shop.confirmation),
        name="confirmation",
    ),
    path("facilities/<slug:facility>/appointments/<uuid:slot>/", appointments.book, name="appointment"),
    path("orders/", orders.mine, name="orders"),
    path("orders/<slug:secret>/", orders.show, name="order"),
    path("orders/<slug:secret>/change/", changes.change, name="change"),
    path("orders/<slug:secret>/cancel/", orders.cancel, name="cancel"),
    path("waiting/<slug:secret>/", orders.wait, name="waiting"),
    path("orders/<slug:secret>/ticket/", tickets.ticket, name="ticket"),
    path("orders/<slug:secret>/tickets.pdf", tickets.pdf, name="ticket-pdf"),
    path("orders/<slug:secret>/visit.ics", tickets.calendar, name="ticket-calendar"),
    path("visit/<slug:secret>/", visits.visit, name="visit"),
    path("entrance/<slug:facility>/", visits.entrance, name="entrance"),
    path("board/<slug:facility>/", visits.board, name="board"),
    path("tickets/keys.json", tickets.keys, name="ticket-keys"),
]
