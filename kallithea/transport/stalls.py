"""Clients that stop in the middle: how long to wait for them, where the web server lets us say so.

gunicorn gives each request its connection. It sets it back before the next request.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kallithea.core.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


def limit_stalls(environ: Mapping[str, Any], start_response: "StartResponse", settings: Settings) -> "StartResponse":
    """Bound the seconds of each wait for the rest of the request, and from ``start_response`` on for room to answer.

    What takes longer is a TimeoutError of the server's, which closes the connection.
    """
    connection = environ.get("gunicorn.socket")
    if connection is None:
        return start_response
    connection.settimeout(settings.receive_timeout or None)

    def start(*response: Any) -> Any:
        connection.settimeout(settings.send_timeout or None)
        return start_response(*response)

    return start
