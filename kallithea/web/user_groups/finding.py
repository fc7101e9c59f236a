"""Which group the address of a page names, and who may do what with it."""

from kallithea.core.access import Level, Viewer
from kallithea.model.user_group import UserGroup
from kallithea.services.scope import Services
from kallithea.web.context import SiteContext
from kallithea.web.ids import find_id
from kallithea.web.request import Request


def find_user_group(context: SiteContext, services: Services) -> UserGroup | None:
    """The group whose id ends the address, whoever asks; None where there is none."""
    group_id = find_id(context)
    return services.user_groups.find_by_id(group_id) if group_id is not None else None


def get_user_group(context: SiteContext, services: Services, viewer: Viewer, level: Level = Level.ADMIN) -> UserGroup:
    """The same. Raises NotFoundError, also for what is hidden from the viewer, and ForbiddenError below the level."""
    return services.user_group_rights.require(viewer, find_user_group(context, services), level)


def page_of(request: Request, services: Services, group: UserGroup, name: str, needed: Level) -> str:
    """The address of a page of the group, or of the list for who has not the level that it needs."""
    address, rights = "_admin/user_groups", services.user_group_rights.load(request.visitor.viewer)
    if rights.level(group.user_group_id, group.owner_id) < needed:
        return request.links.page(address)
    return request.links.page(f"{address}/{name}/{group.user_group_id}", saved=1 if name == "edit" else None)
