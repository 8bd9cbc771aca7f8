from django.urls import path

from analytics.api.figures import FiguresViewSet

urlpatterns = [
    path(route, FiguresViewSet.as_view({"get": action}), name=name)
    for route, action, name in (
        ("analytics/organization", "of_organization", "api-analytics-organization"),
        ("analytics/user/<uuid:person>", "of_person", "api-analytics-person"),
        ("analytics/overview", "of_everything", "api-analytics-overview"),
        ("site-configuration/subscription/analytics", "of_business", "api-subscription-analytics"),
    )
]
