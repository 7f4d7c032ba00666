"""The routes of the web process."""

from django.urls import URLPattern, URLResolver, path

from anlan.server.api import build_api

api = build_api()
urlpatterns: list[URLPattern | URLResolver] = [path("api/", api.urls)]

handler404 = "anlan.platform.http.errors.not_found"
handler500 = "anlan.platform.http.errors.server_error"
