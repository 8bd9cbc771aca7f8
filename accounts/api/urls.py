from django.urls import path

from accounts.api.sessions import SessionsViewSet

urlpatterns = [
    path(f"auth/{action}", SessionsViewSet.as_view({"post": action}), name=f"api-{action}")
    for action in ("login", "refresh", "logout")
]
