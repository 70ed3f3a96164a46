"""URLs of the form, the uploads and the entrance to a case."""

from django.urls import path, register_converter

from .views import comfort, confirmation, correction, entrance, form, receipt, submission


class PostalDigits:
    """Seven digits."""

    regex = "[0-9]{7}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(PostalDigits, "postal")
app_name = "applications"
urlpatterns = [
    path("procedures/<slug:code>/apply/", form.form, name="form"),
    path("procedures/<slug:code>/apply/<slug:token>/", form.sheet, name="sheet"),
    path("procedures/<slug:code>/confirm/", submission.confirm, name="confirm"),
    path("procedures/<slug:code>/confirm/<slug:token>/", confirmation.confirmation, name="confirmation"),
    path("procedures/<slug:code>/submit/", submission.submit, name="submit"),
    path("uploads/", comfort.upload, name="upload"),
    path("rules/<int:version>/", comfort.rules, name="rules"),
    path("postal/<postal:digits>/", comfort.postal, name="postal"),
    path("applications/", entrance.enter, name="enter"),
    path("applications/link/again/", entrance.link_again, name="link-again"),
    path("applications/open/<slug:token>/", entrance.open_invitation, name="open"),
    path("applications/<str:reference>/received/", receipt.received, name="received"),
    path("applications/<str:reference>/correct/", correction.correct, name="correct"),
    path("applications/<str:reference>/correct/<slug:token>/", correction.correct_sheet, name="correct-sheet"),
]
