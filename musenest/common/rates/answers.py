"""What is left, said in the headers of every limited answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def headers(get_response: GetResponse) -> GetResponse:
    """Adds `RateLimit-Limit`, `-Remaining` and `-Reset` where a view had the request counted."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        verdict = getattr(request, "rate_verdict", None)
        if verdict is not None:
            for name, value in verdict.headers.items():
                response.headers[name] = value
        return response

    return middleware
