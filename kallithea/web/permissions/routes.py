"""Who may do what: on a repository, on a group, on the whole site, on groups of users."""

from collections.abc import Mapping
from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.permissions import export
from kallithea.web.permissions.check import Checks
from kallithea.web.permissions.names import Names
from kallithea.web.permissions.spot import (
    EXPORT_PAGE,
    GROUP_PAGE,
    REPOSITORY_PAGE,
    SITE_PAGE,
    USER_GROUP_PAGE,
    USER_GROUPS_PAGE,
    FindSpot,
    find_spot,
    find_user_group,
    find_user_groups,
)
from kallithea.web.permissions.views import Matrices


def includeme(config: Any) -> None:
    """Register the pages, for whoever has admin on what they are about.

    What somebody has on a user group is found out when it is loaded, as it says nothing about the site.
    """
    config.add_page(
        export.export_access,
        SiteContext,
        EXPORT_PAGE,
        level=Level.ADMIN,
        unit=UnitOfPage.OWN,
        members=True,
    )
    pages: tuple[tuple[type, str, FindSpot, Mapping[str, Any]], ...] = (
        (SiteContext, SITE_PAGE, find_spot, {"level": Level.ADMIN}),
        (SiteContext, USER_GROUPS_PAGE, find_user_groups, {"level": Level.ADMIN}),
        (SiteContext, USER_GROUP_PAGE, find_user_group, {"rest": True}),
        (GroupContext, GROUP_PAGE, find_spot, {"level": Level.ADMIN}),
        (RepositoryContext, REPOSITORY_PAGE, find_spot, {"level": Level.ADMIN, "tab": "settings"}),
    )
    for context, page, find, rule in pages:
        _add_pages(config, context, page, find, {"members": True, **rule})


def _add_pages(config: Any, context: type, page: str, find: FindSpot, rule: Mapping[str, Any]) -> None:
    template, matrices = "permissions/matrix.mako", Matrices(find)
    config.add_page(matrices.show, context, page, template=template, **rule)
    config.add_page(matrices.save, context, page, method="POST", template=template, unit=UnitOfPage.OWN, **rule)
    config.add_page(Checks(find).show, context, f"{page}/check", template="permissions/check.mako", **rule)
    config.add_page(Names(find).show, context, f"{page}/names", template="permissions/names.mako", **rule)
