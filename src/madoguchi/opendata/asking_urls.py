"""Public addresses: requests for data, use cases, feeds."""

from django.urls import path

from . import asking_views, feeds

app_name = "asking"
urlpatterns = [
    path("datasets/requests/", asking_views.requests, name="requests"),
    path("datasets/requests/new/", asking_views.new, name="new"),
    path("datasets/requests/feed.xml", feeds.requests, name="requests-feed"),
    path("datasets/requests/<int:number>/", asking_views.request, name="request"),
    path("datasets/use-cases/", asking_views.use_cases, name="use-cases"),
    path("datasets/feed.xml", feeds.versions, name="feed"),
]
