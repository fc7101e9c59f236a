"""The owner that a form names."""

from kallithea.core.errors import InvalidError
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.services.scope import Services


def find_owner(services: Services, name: str) -> User | None:
    """The user with this name, None for an empty one. Raises InvalidError."""
    if not name:
        return None
    found = services.users.find(name)
    if found is None:
        raise InvalidError({"owner": _("There is no user '%(name)s'.", name=name)})
    return found
