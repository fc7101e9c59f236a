"""Who may do what: on a repository, on a group, on the whole site."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.permissions import check, names, views
from kallithea.web.permissions.spot import GROUP_PAGE, REPOSITORY_PAGE, SITE_PAGE


def includeme(config: Any) -> None:
    """Register the pages, for whoever has admin on what they are about."""
    template = "permissions/matrix.mako"
    for context, page, tab in (
        (SiteContext, SITE_PAGE, ""),
        (GroupContext, GROUP_PAGE, ""),
        (RepositoryContext, REPOSITORY_PAGE, "settings"),
    ):
        rule = {"level": Level.ADMIN, "members": True, "tab": tab}
        config.add_page(views.show_matrix, context, page, template=template, **rule)
        config.add_page(views.save_matrix, context, page, method="POST", template=template, unit=UnitOfPage.OWN, **rule)
        config.add_page(check.show_check, context, f"{page}/check", template="permissions/check.mako", **rule)
        config.add_page(names.show_names, context, f"{page}/names", template="permissions/names.mako", **rule)
