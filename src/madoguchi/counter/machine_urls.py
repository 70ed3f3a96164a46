"""Fixed addresses, without a language."""

from django.urls import path

from . import machines

app_name = "machines"
urlpatterns = [
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("icon.png", machines.picture, name="picture"),
    path("favicon.ico", machines.favicon, name="favicon"),
    path("icon.svg", machines.icon, name="icon"),
    path("site.webmanifest", machines.manifest, name="manifest"),
]
