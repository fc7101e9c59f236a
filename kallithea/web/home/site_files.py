"""Small things that programs ask of a site."""

from kallithea.core.errors import NotFoundError
from kallithea.services.readiness import look_around
from kallithea.web.answers import Response, plain, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.people import draw_avatar

# Pages that cost more than they tell a search engine: every commit has its own.
_ROBOTS = """User-agent: *
Disallow: /_admin/
Disallow: /_search
Disallow: /*/annotate
Disallow: /*/archive
Disallow: /*/branches?
Disallow: /*/changelog
Disallow: /*/changeset
Disallow: /*/compare
Disallow: /*/files/
Disallow: /*/files-
Disallow: /*/raw
Disallow: /*/refs-menu
Disallow: /*/search
Disallow: /*/statistics
"""


def show_favicon(context: SiteContext, request: Request) -> Response:
    """Where the sign of the site is."""
    return redirect(request.registry.assets.address(request.links, "images/logo.svg"))


def show_robots(context: SiteContext, request: Request) -> Response:
    """What search engines should leave alone."""
    return plain(_ROBOTS)


def show_avatar(context: SiteContext, request: Request) -> Response:
    """The picture that stands for a person; its address says all about it."""
    code = b"/".join(context.rest).decode("latin-1")
    if len(code) != 4 or not set(code) <= set("0123456789abcdef") or int(code, 16) >> 15:
        raise NotFoundError("There is no such picture.")
    picture = Response(draw_avatar(int(code, 16)).encode(), content_type="image/svg+xml", charset="utf-8")
    picture.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return picture


def show_alive(context: SiteContext, request: Request) -> Response:
    """This process answers; nothing else is looked at."""
    return plain("alive\n")


def show_ready(context: SiteContext, request: Request) -> Response:
    """Whether requests can be answered: 200, or 503 and why not. Jobs that wait are told, and are no reason."""
    found = look_around(request.application)
    lines = ("not ready" if found.problems else "ready", *found.problems, *found.notes)
    answer = plain("".join(f"{line}\n" for line in lines))
    answer.status_int = 503 if found.problems else 200
    return answer
