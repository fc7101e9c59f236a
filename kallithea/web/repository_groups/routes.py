"""Creating repository groups."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.repository_groups import views


def includeme(config: Any) -> None:
    """Register the pages."""
    template = "repository_groups/create.mako"
    config.add_page(views.show_create, SiteContext, "_admin/repo_groups/new", template=template, members=True)
    config.add_page(
        views.create,
        SiteContext,
        "_admin/repo_groups",
        method="POST",
        template=template,
        unit=UnitOfPage.OWN,
        members=True,
    )
