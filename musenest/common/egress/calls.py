"""Calling another machine: checked address, no redirects, one deadline for everything, a bounded answer,
neutral errors.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore
import httpx

from musenest.common.egress.errors import TimedOutError, TooMuchAnswerError, UnreachableError
from musenest.common.egress.network import CheckedBackend, deadline

MAX_ANSWER_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status: also 3xx, which nobody follows."""

    status: int
    headers: httpx.Headers
    body: bytes
    seconds: float

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def json(self) -> Any:
        """The body as JSON; raises ValueError for anything else, NaN and infinities included."""
        return json.loads(self.body, parse_constant=refuse_constant)


def refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON.")


@cache
def client() -> httpx.Client:
    """One per process: a new one for each call would cost 18 ms, most of it for TLS."""
    transport = httpx.HTTPTransport()
    transport._pool = httpcore.ConnectionPool(  # noqa: SLF001 -- httpx has no argument for the network backend
        ssl_context=httpcore.default_ssl_context(),
        max_connections=100,
        max_keepalive_connections=20,
        keepalive_expiry=15,
        network_backend=CheckedBackend(),
    )
    # A jar that takes nothing: what one organisation's server sets must not be sent with another's call.
    no_cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=()))
    return httpx.Client(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "MuseNest"},
        cookies=no_cookies,
    )


def call(
    method: str,
    url: str,
    *,
    timeout: float,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    data: Mapping[str, str] | None = None,
    files: Mapping[str, tuple[str, bytes, str]] | None = None,
    max_bytes: int = MAX_ANSWER_BYTES,
) -> Answer:
    """Call `url` and read at most `max_bytes` within `timeout` seconds in all, the connection included.

    Raises an EgressError when there is no answer; an answer with any status is returned.
    """
    started = time.monotonic()
    token = deadline.set(started + timeout)
    sent = {"Accept-Encoding": "identity", **(headers or {})}
    try:
        with client().stream(
            method, url, headers=sent, json=json, data=data, files=files, timeout=timeout
        ) as response:
            body = bounded(response, max_bytes)
    except httpx.TimeoutException as error:
        raise TimedOutError(f"The other side did not answer within {timeout:g} s.") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise UnreachableError("The other side could not be reached, or broke off.") from error
    finally:
        deadline.reset(token)
    return Answer(response.status_code, response.headers, body, time.monotonic() - started)


def bounded(response: httpx.Response, max_bytes: int) -> bytes:
    """The raw body. It is never decompressed: a small answer could become a huge one."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_raw():
        size += len(part)
        if size > max_bytes:
            raise TooMuchAnswerError(f"The answer is larger than {max_bytes:,} bytes.")
        parts.append(part)
    return b"".join(parts)
