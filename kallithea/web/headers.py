"""Headers of every answer: what browsers may do with it."""

from collections.abc import Callable, Mapping
from typing import Any

from kallithea.core.errors import RETRIED_STATUSES, RETRY_SECONDS
from kallithea.web.answers import plain
from kallithea.web.request import Request

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

#: For contents of repositories: a browser that opens one as a page gives it no origin, no script and no network.
RAW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

#: What the words of a page, and those of a feed, depend on.
PAGE_VARY = "Cookie, Accept-Language"
FEED_VARY = "Cookie, Accept-Language, Authorization"

#: What a browser may do with contents, whoever may see them.
CONTENT_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

#: The same for answers that are for one visitor only.
SAFE_HEADERS: Mapping[str, str] = {
    **CONTENT_HEADERS,
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie",
}
_TWO_YEARS = "max-age=63072000"


def headers_tween(handler: Callable[[Request], Any], registry: Any) -> Callable[[Request], Any]:
    """Add what an answer does not say itself, and the cookie if the session has changed."""
    use_hsts = registry.application.settings.use_htsts

    def answer(request: Request) -> Any:
        response = handler(request) if request.has_host else plain("The Host header is no name of a host.\n", 400)
        for name, value in SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        if response.status_int in RETRIED_STATUSES:
            response.headers.setdefault("Retry-After", str(RETRY_SECONDS))
        if use_hsts:
            response.headers.setdefault("Strict-Transport-Security", _TWO_YEARS)
        if "browser_session" in request.__dict__:
            for cookie in request.browser_session.cookies:
                response.headers.add("Set-Cookie", cookie)
        return response

    return answer
