"""Who may do what: on a repository, on a group, on the whole site."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.permissions import check, views
from kallithea.web.permissions.spot import GROUP_PAGE, REPOSITORY_PAGE, SITE_PAGE


def includeme(config: Any) -> None:
    """Register the pages, for whoever has admin on what they are about."""
    template = "permissions/matrix.mako"
    for context, name, tab in (
        (SiteContext, SITE_PAGE, ""),
        (GroupContext, GROUP_PAGE, ""),
        (RepositoryContext, REPOSITORY_PAGE, "settings"),
    ):
        rule = {"level": Level.ADMIN, "members": True, "tab": tab}
        config.add_page(views.show_matrix, context, name, template=template, **rule)
        config.add_page(views.save_matrix, context, name, method="POST", template=template, unit=UnitOfPage.OWN, **rule)
        config.add_page(check.show_check, context, f"{name}/check", template="permissions/check.mako", **rule)
