"""What Prometheus asks for."""

import hmac
import ipaddress

from kallithea.core.errors import ForbiddenError
from kallithea.core.words import _
from kallithea.services.metrics import CONTENT_TYPE, write_metrics
from kallithea.web.answers import Response
from kallithea.web.context import SiteContext
from kallithea.web.request import Request


def show_metrics(context: SiteContext, request: Request) -> Response:
    """The state of the site, for whom the .ini names. Raises ForbiddenError."""
    if not (_has_token(request) or _is_near(request)):
        raise ForbiddenError(_("Metrics are for those whom metrics_token or metrics_networks in the .ini lets in."))
    answer = Response(body=write_metrics(request.application))
    answer.headers["Content-Type"] = CONTENT_TYPE
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _has_token(request: Request) -> bool:
    token = request.application.settings.metrics_token
    told = request.environ.get("HTTP_AUTHORIZATION", "")
    return bool(token) and hmac.compare_digest(told.encode("latin-1"), f"Bearer {token}".encode())


def _is_near(request: Request) -> bool:
    try:
        address = ipaddress.ip_address(request.address)
    except ValueError:
        return False
    return any(address in network for network in request.application.settings.metrics_networks)
