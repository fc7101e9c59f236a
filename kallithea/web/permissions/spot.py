"""What a page of permissions is about: a repository, a group of repositories, the whole site, or user groups."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kallithea.core.access import Level, Viewer
from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.model.user_group import UserGroup
from kallithea.services.permissions import ALL_USER_GROUPS, Target
from kallithea.services.scope import Services
from kallithea.web.context import Context, GroupContext, RepositoryContext, SiteContext
from kallithea.web.ids import find_id
from kallithea.web.links import Links

#: Names of the pages of the site, of all user groups, of one, of a group, and of a repository.
SITE_PAGE = "_admin/permissions/perms"
USER_GROUPS_PAGE = "_admin/permissions/user_groups"
USER_GROUP_PAGE = "_admin/user_groups/permissions"
EXPORT_PAGE = "_admin/permissions/access.csv"
GROUP_PAGE = "edit/permissions"
REPOSITORY_PAGE = "settings/permissions"


class SpotKind(enum.StrEnum):
    """Kinds of what a page is about."""

    REPOSITORY = "repository"
    GROUP = "group"
    SITE = "site"
    USER_GROUP = "user-group"
    USER_GROUPS = "user-groups"


#: In which nothing else lies.
_INNERMOST = (SpotKind.REPOSITORY, SpotKind.USER_GROUP)
#: Which all others lie in.
_TOP = (SpotKind.SITE, SpotKind.USER_GROUPS)


@dataclass(frozen=True, slots=True)
class Spot:
    """``path`` is that of a repository or a group; ``target_id`` theirs or that of a user group, 0 for none."""

    kind: SpotKind
    path: str = ""
    target_id: int = 0

    @property
    def is_top(self) -> bool:
        """Whether it is about the site, or about all user groups."""
        return self.kind in _TOP

    @property
    def has_below(self) -> bool:
        """Whether something lies in it that can have grants of its own."""
        return self.kind not in _INNERMOST

    def address(self, links: Links, page: str = "", /, **query: str | int | None) -> str:
        """The matrix, or a page below it."""
        below = f"/{page}" if page else ""
        if self.kind is SpotKind.REPOSITORY:
            return links.repository(self.path, REPOSITORY_PAGE + below, **query)
        if self.kind is SpotKind.GROUP:
            return links.group_page(self.path, GROUP_PAGE + below, **query)
        if self.kind is SpotKind.USER_GROUP:
            return links.page(f"{USER_GROUP_PAGE}{below}/{self.target_id}", **query)
        return links.page((SITE_PAGE if self.kind is SpotKind.SITE else USER_GROUPS_PAGE) + below, **query)

    def load(self, services: Services, viewer: Viewer) -> Target:
        """What it is about, in this unit. Raises NotFoundError where it is gone.

        For a user group, whose page says nothing about levels, this also raises ForbiddenError below ADMIN.
        """
        if self.kind is SpotKind.REPOSITORY:
            return services.repositories.get_by_id(self.target_id)
        if self.kind is SpotKind.GROUP:
            return services.repository_groups.get_by_id(self.target_id)
        if self.kind is SpotKind.USER_GROUP:
            found = services.user_groups.find_by_id(self.target_id)
            return services.user_group_rights.require(viewer, found, Level.ADMIN)
        return ALL_USER_GROUPS if self.kind is SpotKind.USER_GROUPS else None


FindSpot: TypeAlias = Callable[[Context], Spot]


def find_spot(context: Context) -> Spot:
    """What the context's page of permissions is about; the site, for one of the site."""
    if isinstance(context, RepositoryContext):
        return Spot(SpotKind.REPOSITORY, context.path, context.repository.repository_id)
    if isinstance(context, GroupContext):
        return Spot(SpotKind.GROUP, context.path, context.group.repository_group_id)
    return Spot(SpotKind.SITE)


def find_user_groups(_context: Context) -> Spot:
    """All user groups."""
    return Spot(SpotKind.USER_GROUPS)


def find_user_group(context: Context) -> Spot:
    """The user group whose id ends the address. Raises NotFoundError where none can have it."""
    group_id = find_id(context) if isinstance(context, SiteContext) else None
    if group_id is None:
        raise NotFoundError(_("There is no such user group."))
    return Spot(SpotKind.USER_GROUP, "", group_id)


def name_of(spot: Spot, target: Target) -> str:
    """The path of what it is about, or the name of a user group; empty for the site and for all user groups."""
    return target.name if isinstance(target, UserGroup) else spot.path
