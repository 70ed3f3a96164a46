"""At the desk: files handed in for publication, and requests to answer."""

from django.urls import path

from . import answer_views, upload_views

app_name = "uploads"
urlpatterns = [
    path("", upload_views.index, name="index"),
    path("files/<uuid:file>/", upload_views.upload, name="upload"),
    path("files/<uuid:file>/lift/", upload_views.lift, name="lift"),
    path("files/<uuid:file>/publish/", upload_views.publish, name="publish"),
    path("files/<uuid:file>/discard/", upload_views.discard, name="discard"),
    path("requests/", answer_views.requests, name="requests"),
    path("requests/<int:number>/", answer_views.request, name="request"),
]
