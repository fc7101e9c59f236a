"""Which account the address of a page names."""

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.scope import Services
from kallithea.web.context import SiteContext

_MOST_DIGITS = 9


def get_user(context: SiteContext, services: Services) -> User:
    """The account whose id ends the address. Raises NotFoundError."""
    text = context.rest[0] if len(context.rest) == 1 else b""
    user = services.users.find_by_id(int(text)) if text.isdigit() and len(text) <= _MOST_DIGITS else None
    if user is None:
        raise NotFoundError(_("There is no such account."))
    return user
