"""Which group the address of a page names, and who may change it."""

from kallithea.core.access import Viewer
from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.model.user_group import UserGroup
from kallithea.services.scope import Services
from kallithea.web.context import SiteContext

_MOST_DIGITS = 9


def get_user_group(context: SiteContext, services: Services, viewer: Viewer) -> UserGroup:
    """The group whose id ends the address. Raises NotFoundError, for one that the viewer may not change as well."""
    text = context.rest[0] if len(context.rest) == 1 else b""
    found = services.user_groups.find_by_id(int(text)) if text.isdigit() and len(text) <= _MOST_DIGITS else None
    if found is None or not may_change(viewer, found):
        raise NotFoundError(_("There is no such user group."))
    return found


def may_change(viewer: Viewer, group: UserGroup) -> bool:
    """Whether the viewer owns the group or administers the site."""
    return viewer.super_administrator or (viewer.user_id is not None and group.owner_id == viewer.user_id)
