from django.urls import path

from accounts.api.sessions import SessionsViewSet

# Two documents name registering differently: both lead to it (REQUIREMENTS.md, 1).
AUTH = {name: name for name in ("login", "refresh", "logout", "register")} | {"signup": "register"}

urlpatterns = [
    path(f"auth/{name}", SessionsViewSet.as_view({"post": action}), name=f"api-{name}")
    for name, action in AUTH.items()
]
