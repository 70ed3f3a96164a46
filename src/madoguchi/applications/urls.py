"""URLs of the form, the uploads and the entrance to a case."""

from django.urls import register_converter

from madoguchi.people.rules import ANYONE, BOTH, HOLDER, OPEN, WRITE, Rule, route
from madoguchi.platform.brake import limits

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
    route("procedures/<slug:code>/apply/", form.form, "form", ANYONE),
    # Who knows a sheet's token typed what is on it.
    route("procedures/<slug:code>/apply/<slug:token>/", form.sheet, "sheet", ANYONE),
    route("procedures/<slug:code>/confirm/", submission.confirm, "confirm", Rule("anyone", BOTH, brake=limits.FORM)),
    route("procedures/<slug:code>/confirm/<slug:token>/", confirmation.confirmation, "confirmation", ANYONE),
    route("procedures/<slug:code>/submit/", submission.submit, "submit", Rule("anyone", BOTH, brake=limits.APPLY)),
    route("uploads/", comfort.upload, "upload", Rule("anyone", WRITE, brake=limits.UPLOAD)),
    route("rules/<int:version>/", comfort.rules, "rules", OPEN),
    route("postal/<postal:digits>/", comfort.postal, "postal", OPEN),
    route("applications/", entrance.enter, "enter", Rule("anyone", BOTH, brake=limits.ENTER)),
    route("applications/link/again/", entrance.link_again, "link-again", Rule("anyone", BOTH, brake=limits.LINK)),
    route(
        "applications/open/<slug:token>/", entrance.open_invitation, "open", Rule("anyone", BOTH, brake=limits.ENTER)
    ),
    route("applications/<str:reference>/received/", receipt.received, "received", HOLDER),
    route(
        "applications/<str:reference>/correct/",
        correction.correct,
        "correct",
        Rule("holder", BOTH, brake=limits.CHANGE),
    ),
    route("applications/<str:reference>/correct/<slug:token>/", correction.correct_sheet, "correct-sheet", HOLDER),
]
