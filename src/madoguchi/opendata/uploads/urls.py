"""At the desk: files handed in for publication, and requests to answer."""

from django.urls import path

from ..requests import answers
from . import views

app_name = "uploads"
urlpatterns = [
    path("", views.index, name="index"),
    path("files/<uuid:file>/", views.upload, name="upload"),
    path("files/<uuid:file>/lift/", views.lift, name="lift"),
    path("files/<uuid:file>/publish/", views.publish, name="publish"),
    path("files/<uuid:file>/discard/", views.discard, name="discard"),
    path("requests/", answers.requests, name="requests"),
    path("requests/<int:number>/", answers.request, name="request"),
]
