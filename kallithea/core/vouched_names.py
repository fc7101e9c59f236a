"""Names of users that a web server in front vouches for, in a variable of the WSGI environment."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from kallithea.core.addresses import is_believed
from kallithea.core.settings import Settings


def find_vouched_name(environ: Mapping[str, Any], settings: Settings) -> str:
    """The name, empty where there is none. A header counts only from a trusted proxy.

    Where a header came twice, its values are joined by a comma, which no name of a user has.
    """
    variable = settings.remote_user_variable
    if not variable or not is_believed(environ, variable, settings):
        return ""
    text = str(environ.get(variable, "")).strip()
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return ""


def strip_vouched_name(environ: MutableMapping[str, Any], settings: Settings) -> None:
    """Take the name out of a request of somebody who may not vouch, so that nothing behind can believe it."""
    variable = settings.remote_user_variable
    if variable and not is_believed(environ, variable, settings):
        environ.pop(variable, None)
