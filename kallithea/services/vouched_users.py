"""People for whom a web server in front vouches: who they are, and accounts for those who have none yet."""

import logging
from collections.abc import Mapping
from typing import Any

from kallithea.auth.method import Attempt, Recognised, recognise
from kallithea.core.actor import Actor, Way
from kallithea.core.allow_lists import is_allowed
from kallithea.core.errors import ConflictError
from kallithea.core.vouched_names import find_vouched_name
from kallithea.services.application import Application
from kallithea.services.approval_mails import ask_for_approval
from kallithea.services.settings import Activation
from kallithea.services.work import reading, writing

log = logging.getLogger(__name__)


def find_vouched(application: Application, environ: Mapping[str, Any]) -> Recognised | None:
    """Who it is that a trusted proxy vouches for; None where none does, or the .ini does not want to know."""
    name = find_vouched_name(environ, application.settings)
    return recognise(application.sign_in_methods, Attempt(vouched_name=name)) if name else None


def ensure_account(application: Application, found: Recognised, way: Way, address: str) -> None:
    """Make the account of somebody who has none, where that is wanted, and may be from this address.

    By a setting of the site it is disabled at first, and administrators are told of it.
    """
    if not found.creates:
        return
    with reading(application) as services:
        is_known = services.users.find(found.name) is not None
        networks = services.settings.networks
    if is_known or not is_allowed(address, networks):
        return
    try:
        with writing(application) as services:
            is_active = services.settings.vouched_accounts is Activation.AUTOMATIC
            user = services.users.create(Actor(None, found.name, way, address), name=found.name, active=is_active)
            if not is_active:
                ask_for_approval(services, user)
    except ConflictError as problem:
        # another request of the same person was faster
        log.info("an account was not made: %s", problem)
