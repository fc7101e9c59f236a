"""From the names in the .ini to the methods of signing in. A method's module is imported when it is chosen."""

import importlib
from typing import cast

from kallithea.auth.method import SignInMethod
from kallithea.core.settings import Settings, SettingsError

#: The method whose passwords are kept here.
OWN_PASSWORDS = "password"  # its name

#: Each method: its name in the .ini, the module and the class.
METHODS = {
    OWN_PASSWORDS: "internal_password:InternalPassword",
    "proxy-header": "proxy_header:ProxyHeader",
}


def keeps_passwords(settings: Settings) -> bool:
    """Whether people sign in by passwords that are kept here."""
    return OWN_PASSWORDS in settings.sign_in_methods


def open_methods(settings: Settings) -> tuple[SignInMethod, ...]:
    """The methods in the order of the .ini. Raises SettingsError for unknown ones, and for what one of them lacks."""
    unknown = [name for name in settings.sign_in_methods if name not in METHODS]
    if unknown or not settings.sign_in_methods:
        raise SettingsError(f"sign_in_methods = {' '.join(unknown)}: write some of {', '.join(METHODS)}")
    return tuple(_open(METHODS[name], settings) for name in dict.fromkeys(settings.sign_in_methods))


def _open(place: str, settings: Settings) -> SignInMethod:
    module, name = place.split(":")
    return cast(SignInMethod, getattr(importlib.import_module(f"kallithea.auth.{module}"), name)(settings))
