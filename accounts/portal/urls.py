from django.urls import URLPattern, URLResolver, path

from accounts.portal import landing, sessions

urlpatterns: list[URLPattern | URLResolver] = [
    path("", landing.show, name="home"),
    path("login", sessions.login, name="login"),
    path("logout", sessions.logout, name="logout"),
    path("organizations", sessions.switcher, name="organizations"),
]
