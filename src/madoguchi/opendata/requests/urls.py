"""Public addresses: requests for data, use cases, feeds."""

from django.urls import path

from . import feeds, views

app_name = "asking"
urlpatterns = [
    path("datasets/requests/", views.requests, name="requests"),
    path("datasets/requests/new/", views.new, name="new"),
    path("datasets/requests/feed.xml", feeds.requests, name="requests-feed"),
    path("datasets/requests/<int:number>/", views.request, name="request"),
    path("datasets/use-cases/", views.use_cases, name="use-cases"),
    path("datasets/feed.xml", feeds.versions, name="feed"),
]
