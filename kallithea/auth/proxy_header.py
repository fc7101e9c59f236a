"""The way in by a web server in front, which signs people in and tells their names."""

from kallithea.auth.method import Attempt, Recognised
from kallithea.core.errors import InvalidError
from kallithea.core.names import parse_user_name
from kallithea.core.settings import Settings, SettingsError


class ProxyHeader:
    """Believes the name that a trusted proxy vouches for. Raises SettingsError where none is said to be."""

    takes_passwords = False

    def __init__(self, settings: Settings) -> None:
        if not settings.remote_user_variable:
            raise SettingsError("sign_in_methods has proxy-header, which needs remote_user_variable.")
        if settings.remote_user_variable.startswith("HTTP_") and not settings.trusted_proxies:
            raise SettingsError("sign_in_methods has proxy-header, which needs trusted_proxies: who may vouch?")
        self._creates = settings.remote_user_creates_accounts

    def recognise(self, attempt: Attempt) -> Recognised | None:
        """What cannot be the name of an account is nobody."""
        try:
            return Recognised(parse_user_name(attempt.vouched_name), self._creates)
        except InvalidError:
            return None
