"""URLs of the reform pages, public and at the desk."""

from django.urls import path

from .views import boards, desk, public

app_name = "reform"
PROJECT = "projects/<slug:edition>/<slug:code>/"
urlpatterns = [
    path("reform/", public.overview, name="overview"),
    path(f"reform/{PROJECT}", public.project, name="project"),
    path(f"reform/{PROJECT}rate/", public.rate, name="rate"),
    path("reform/indicators/", public.indicators, name="indicators"),
    path("reform/indicators/<slug:code>/", public.indicator, name="indicator"),
    path("reform/five-less/", boards.five_less, name="five-less"),
    path("reform/quality/", boards.quality, name="quality"),
    path("reform/quality/<slug:code>/", boards.service, name="service"),
    path("reform/quarter.pdf", boards.snapshot, name="snapshot"),
    path("desk/reform/", desk.home, name="desk"),
    path(f"desk/reform/{PROJECT}", desk.project, name="desk-project"),
    path(f"desk/reform/{PROJECT}reports/<int:year>/<int:number>/", desk.report, name="desk-report"),
    path(f"desk/reform/{PROJECT}reply/", desk.reply, name="desk-reply"),
    path("desk/reform/indicators/<slug:code>/", desk.indicator, name="desk-indicator"),
    path("desk/reform/register/", desk.register, name="desk-register"),
    path("desk/reform/register/<int:number>/", desk.item, name="desk-item"),
]
