"""Creating repository groups, and their settings."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import GroupContext, SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.repository_groups import settings, views


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
    for name, show, change, template in (
        ("edit", settings.show_edit, settings.update, "repository_groups/edit.mako"),
        ("edit/delete", settings.show_delete, settings.delete, "repository_groups/delete.mako"),
    ):
        options = {"template": template, "level": Level.ADMIN, "members": True}
        config.add_page(show, GroupContext, name, **options)
        config.add_page(change, GroupContext, name, method="POST", unit=UnitOfPage.OWN, **options)
