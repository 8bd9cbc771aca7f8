from django.urls import URLPattern, URLResolver, path

from analytics.portal import overview

urlpatterns: list[URLPattern | URLResolver] = [path("o/<slug:slug>/", overview.show, name="overview")]
