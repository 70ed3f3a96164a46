"""URLs of the sale at a real counter, and of closing a day, for staff."""

from django.urls import path

from .views import appointments, counter, shop

app_name = "sale"
AT_COUNTER = {"channel": "counter"}
urlpatterns = [
    path("", counter.index, name="index"),
    path("sold/<slug:secret>/", counter.sold, name="sold"),
    path("<slug:facility>/", shop.facility, AT_COUNTER, name="facility"),
    path("<slug:facility>/days/<slug:day>/", shop.day, AT_COUNTER, name="day"),
    path("<slug:facility>/days/<slug:day>/close/", counter.close, name="close"),
    path("<slug:facility>/appointments/<uuid:slot>/", appointments.book, AT_COUNTER, name="appointment"),
    path("<slug:facility>/slots/<uuid:slot>/", shop.slot, AT_COUNTER, name="slot"),
    path(
        "<slug:facility>/slots/<uuid:slot>/confirm/<slug:token>/",
        shop.confirmation,
        AT_COUNTER,
        name="confirmation",
    ),
]
