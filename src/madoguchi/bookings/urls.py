"""URLs of the shop, of orders and tickets, the touchless visit and the board."""

from django.urls import path

from . import appointment_views, change_views, order_views, rush, shop_views, ticket_views, visit_views

app_name = "bookings"
urlpatterns = [
    path("facilities/", shop_views.index, name="facilities"),
    path("facilities/<slug:facility>/", rush.admitted(shop_views.facility), name="facility"),
    path("facilities/<slug:facility>/days/<slug:day>/", rush.admitted(shop_views.day), name="day"),
    path("facilities/<slug:facility>/slots/<uuid:slot>/", rush.admitted(shop_views.slot), name="slot"),
    path("facilities/<slug:facility>/appointments/<uuid:slot>/", appointment_views.book, name="appointment"),
    path("orders/", order_views.mine, name="orders"),
    path("orders/<slug:secret>/", order_views.show, name="order"),
    path("orders/<slug:secret>/change/", change_views.change, name="change"),
    path("orders/<slug:secret>/cancel/", order_views.cancel, name="cancel"),
    path("waiting/<slug:secret>/", order_views.wait, name="waiting"),
    path("orders/<slug:secret>/ticket/", ticket_views.ticket, name="ticket"),
    path("orders/<slug:secret>/tickets.pdf", ticket_views.pdf, name="ticket-pdf"),
    path("orders/<slug:secret>/visit.ics", ticket_views.calendar, name="ticket-calendar"),
    path("visit/<slug:secret>/", visit_views.visit, name="visit"),
    path("entrance/<slug:facility>/", visit_views.entrance, name="entrance"),
    path("board/<slug:facility>/", visit_views.board, name="board"),
    path("tickets/keys.json", ticket_views.keys, name="ticket-keys"),
]
