"""Whether accounts have passwords of this site, which people choose, change and can forget."""

from kallithea.auth.opener import keeps_passwords
from kallithea.core.errors import ForbiddenError
from kallithea.core.settings import Settings
from kallithea.core.words import _


def require_kept_passwords(settings: Settings) -> None:
    """Raise ForbiddenError where a password that is kept here is no way to sign in."""
    if not keeps_passwords(settings):
        raise ForbiddenError(
            _("Passwords of this site are no way to sign in: another system says who people are, and gives accounts.")
        )
