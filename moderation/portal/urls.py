from django.urls import URLPattern, URLResolver, path

from moderation.portal import decisions, deployments, design, palette, quick_start, sites, tries

# A site's identifier holds no slash, but it may well be `new`: that page is not below `sites/`.
urlpatterns: list[URLPattern | URLResolver] = [
    path("design", design.show, name="design"),
    path("o/<slug:slug>/palette", palette.show, name="palette"),
    path("o/<slug:slug>/sites", sites.index, name="sites"),
    path("o/<slug:slug>/new-site", sites.create, name="site-create"),
    path("o/<slug:slug>/sites/<str:identifier>", sites.detail, name="site"),
    path("o/<slug:slug>/sites/<str:identifier>/preview", deployments.preview, name="site-preview"),
    path("o/<slug:slug>/sites/<str:identifier>/deploy", deployments.deploy, name="site-deploy"),
    path("o/<slug:slug>/sites/<str:identifier>/deployment", deployments.progress, name="site-deployment"),
    path("o/<slug:slug>/sites/<str:identifier>/history", deployments.older, name="site-history"),
    path("o/<slug:slug>/sites/<str:identifier>/attest", deployments.attest, name="site-attest"),
    path("o/<slug:slug>/sites/<str:identifier>/delete", sites.delete, name="site-delete"),
    path("o/<slug:slug>/deleted-sites/<uuid:pk>/restore", sites.restore, name="site-restore"),
    path("o/<slug:slug>/sites/<str:identifier>/try", tries.try_picture, name="site-try"),
    path("o/<slug:slug>/try", tries.choose, name="try"),
    path("o/<slug:slug>/quick-start", quick_start.show, name="quick-start"),
    path("o/<slug:slug>/decisions", decisions.index, name="decisions"),
    path("o/<slug:slug>/decisions/<int:pk>", decisions.detail, name="decision"),
]
