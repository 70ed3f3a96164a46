"""Fixed addresses, without a language."""

from madoguchi.people.rules import OPEN, route

from . import machines

app_name = "machines"
urlpatterns = [
    route("robots.txt", machines.robots, "robots", OPEN),
    route("sitemap.xml", machines.sitemap, "sitemap", OPEN),
    route(".well-known/security.txt", machines.security, "security", OPEN),
    route("icon.png", machines.picture, "picture", OPEN),
    route("favicon.ico", machines.favicon, "favicon", OPEN),
    route("icon.svg", machines.icon, "icon", OPEN),
    route("site.webmanifest", machines.manifest, "manifest", OPEN),
]
