"""At the desk: files handed in for publication, and requests to answer."""

from madoguchi.people.rules import BOTH, READ, WRITE, officer, route
from madoguchi.people.verbs import verbs

from ..requests import answers
from . import views
from .actions import PUBLISHERS, REVIEWERS

app_name = "uploads"
urlpatterns = [
    route("", verbs(views.index, views.take_in), "index", officer(BOTH, REVIEWERS)),
    route("files/<uuid:file>/", views.upload, "upload", officer(READ, REVIEWERS)),
    route("files/<uuid:file>/lift/", views.lift, "lift", officer(WRITE, REVIEWERS)),
    route("files/<uuid:file>/publish/", views.publish, "publish", officer(WRITE, PUBLISHERS)),
    route("files/<uuid:file>/discard/", views.discard, "discard", officer(WRITE, PUBLISHERS)),
    route("requests/", answers.requests, "requests", officer(READ, PUBLISHERS)),
    route("requests/<int:number>/", answers.request, "request", officer(BOTH, PUBLISHERS)),
]
