"""Which account the address of a page names."""

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.scope import Services
from kallithea.web.context import SiteContext
from kallithea.web.ids import find_id


def get_user(context: SiteContext, services: Services) -> User:
    """The account whose id ends the address. Raises NotFoundError."""
    user_id = find_id(context)
    user = services.users.find_by_id(user_id) if user_id is not None else None
    if user is None:
        raise NotFoundError(_("There is no such account."))
    return user
