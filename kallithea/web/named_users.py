"""Accounts that forms name."""

from kallithea.model.user import User
from kallithea.services.scope import Services
from kallithea.services.users import no_active_account


def get_active_user(services: Services, field: str, name: str, kept_id: int | None = None) -> User:
    """The active account with this name. Raises InvalidError about the field, the same for one that is disabled.

    The one with the ``kept_id``, who has it already, may be disabled.
    """
    found = services.users.find(name)
    if found is None or not (found.active or found.user_id == kept_id):
        raise no_active_account(field, name)
    return found


def find_owner(services: Services, field: str, name: str, kept_id: int | None = None) -> User | None:
    """The account that shall own something, None where the field is empty. Otherwise like ``get_active_user``."""
    return get_active_user(services, field, name, kept_id) if name else None
