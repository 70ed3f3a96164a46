"""Public addresses: requests for data, use cases, feeds."""

from madoguchi.people.rules import ANYONE, BOTH, OPEN, Rule, route
from madoguchi.platform.brake import limits

from . import feeds, views

app_name = "asking"
urlpatterns = [
    route("datasets/requests/", views.requests, "requests", ANYONE),
    route("datasets/requests/new/", views.new, "new", Rule("anyone", BOTH, brake=limits.ASK)),
    route("datasets/requests/feed.xml", feeds.requests, "requests-feed", OPEN),
    route("datasets/requests/<int:number>/", views.request, "request", ANYONE),
    route("datasets/use-cases/", views.use_cases, "use-cases", OPEN),
    route("datasets/feed.xml", feeds.versions, "feed", OPEN),
]
