"""The cookie by which a browser is known as one in which somebody has signed in. It opens nothing."""

from kallithea.services.known_browsers import KEPT, make_mark
from kallithea.web.answers import Response
from kallithea.web.request import Request

COOKIE = "kallithea-known"


def read_mark(request: Request) -> str:
    """What the browser says of itself, empty where it says nothing."""
    mark: str = request.cookies.get(COOKIE, "")
    return mark


def know_browser(request: Request, answer: Response, name: str) -> None:
    """Let the browser be known from now on as one of the account with this name."""
    application = request.application
    answer.set_cookie(
        COOKIE,
        make_mark(application.settings.session_secret, name, application.clock()),
        max_age=KEPT,
        path=request.cookie_path,
        httponly=True,
        samesite="Lax",
        secure=application.settings.session_secure or request.origin.startswith("https:"),
    )
