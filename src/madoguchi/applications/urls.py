"""URLs of the form, the uploads and the entrance to a case."""

from django.urls import path, register_converter

from . import views


class PostalDigits:
    """Seven digits."""

    regex = "[0-9]{7}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(PostalDigits, "postal")
app_name = "applications"
urlpatterns = [
    path("procedures/<slug:code>/apply/", views.form, name="form"),
    path("procedures/<slug:code>/confirm/", views.confirm, name="confirm"),
    path("procedures/<slug:code>/submit/", views.submit, name="submit"),
    path("uploads/", views.upload, name="upload"),
    path("rules/<int:version>/", views.rules, name="rules"),
    path("postal/<postal:digits>/", views.postal, name="postal"),
    path("applications/", views.enter, name="enter"),
    path("applications/open/<slug:token>/", views.open_invitation, name="open"),
    path("applications/<str:reference>/received/", views.received, name="received"),
    path("applications/<str:reference>/correct/", views.correct, name="correct"),
]
