from django.urls import URLPattern, URLResolver, include, path

from accounts.portal import impersonations, invitations, landing, sessions, settings, sign_in_urls, team_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", landing.show, name="home"),
    *sign_in_urls.urlpatterns,
    path("organizations", sessions.switcher, name="organizations"),
    path("organizations/new", settings.new_organization, name="organization-create"),
    path("impersonation/end", impersonations.end, name="impersonation-end"),
    path("invitations/<str:token>", invitations.accept, name="invitation"),
    path("o/<slug:slug>/", include(team_urls.urlpatterns)),
]
