"""What a page of permissions is about: a repository, a group of repositories, or the whole site."""

from dataclasses import dataclass

from kallithea.services.permissions import Target
from kallithea.services.scope import Services
from kallithea.web.context import Context, GroupContext, RepositoryContext
from kallithea.web.links import Links

#: Names of the pages of the site, of a group, and of a repository.
SITE_PAGE = "_admin/permissions/perms"
GROUP_PAGE = "edit/permissions"
REPOSITORY_PAGE = "settings/permissions"


@dataclass(frozen=True, slots=True)
class Spot:
    """``kind`` is ``repository``, ``group`` or ``site``; the site has no path and no id."""

    kind: str
    path: str = ""
    target_id: int = 0

    def address(self, links: Links, page: str = "", /, **query: str | int | None) -> str:
        """The matrix, or a page below it."""
        below = f"/{page}" if page else ""
        if self.kind == "repository":
            return links.repository(self.path, REPOSITORY_PAGE + below, **query)
        if self.kind == "group":
            return links.group_page(self.path, GROUP_PAGE + below, **query)
        return links.page(SITE_PAGE + below, **query)

    def load(self, services: Services) -> Target:
        """What it is about, in this unit. Raises NotFoundError where it is gone."""
        if self.kind == "repository":
            return services.repositories.get_by_id(self.target_id)
        return services.repository_groups.get_by_id(self.target_id) if self.kind == "group" else None


def find_spot(context: Context) -> Spot:
    """What the context's page of permissions is about."""
    if isinstance(context, RepositoryContext):
        return Spot("repository", context.path, context.repository.repository_id)
    if isinstance(context, GroupContext):
        return Spot("group", context.path, context.group.repository_group_id)
    return Spot("site")
