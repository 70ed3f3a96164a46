"""URLs of tickets, the touchless visit and the board."""

from django.urls import path

from . import ticket_views, visit_views

app_name = "bookings"
urlpatterns = [
    path("orders/<slug:secret>/ticket/", ticket_views.ticket, name="ticket"),
    path("orders/<slug:secret>/tickets.pdf", ticket_views.pdf, name="ticket-pdf"),
    path("orders/<slug:secret>/visit.ics", ticket_views.calendar, name="ticket-calendar"),
    path("visit/<slug:secret>/", visit_views.visit, name="visit"),
    path("entrance/<slug:facility>/", visit_views.entrance, name="entrance"),
    path("board/<slug:facility>/", visit_views.board, name="board"),
    path("tickets/keys.json", ticket_views.keys, name="ticket-keys"),
]
