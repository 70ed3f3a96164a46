"""URLs of the sale at a real counter, and of closing a day, for staff."""

from django.urls import path

from . import appointment_views, sale_views, shop_views

app_name = "sale"
AT_COUNTER = {"channel": "counter"}
urlpatterns = [
    path("", sale_views.index, name="index"),
    path("sold/<slug:secret>/", sale_views.sold, name="sold"),
    path("<slug:facility>/", shop_views.facility, AT_COUNTER, name="facility"),
    path("<slug:facility>/days/<slug:day>/", shop_views.day, AT_COUNTER, name="day"),
    path("<slug:facility>/days/<slug:day>/close/", sale_views.close, name="close"),
    path("<slug:facility>/appointments/<uuid:slot>/", appointment_views.book, AT_COUNTER, name="appointment"),
    path("<slug:facility>/slots/<uuid:slot>/", shop_views.slot, AT_COUNTER, name="slot"),
]
