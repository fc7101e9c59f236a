"""Creating repositories, bringing deleted ones back, and all there are."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.repositories import deleted, inventory, views


def includeme(config: Any) -> None:
    """Register the pages."""
    template = "repositories/create.mako"
    config.add_page(views.show_create, SiteContext, "_admin/create_repository", template=template, members=True)
    config.add_page(
        views.create,
        SiteContext,
        "_admin/repos",
        method="POST",
        template=template,
        unit=UnitOfPage.OWN,
        members=True,
    )
    name, template = "_admin/deleted_repositories", "repositories/deleted.mako"
    options = {"template": template, "level": Level.ADMIN, "members": True}
    config.add_page(deleted.show_deleted, SiteContext, name, **options)
    config.add_page(deleted.restore, SiteContext, name, method="POST", unit=UnitOfPage.OWN, **options)
    name, options = inventory.NAME, {"level": Level.ADMIN, "members": True}
    config.add_page(inventory.show_inventory, SiteContext, name, template="repositories/inventory.mako", **options)
    config.add_page(inventory.export_inventory, SiteContext, f"{name}.csv", unit=UnitOfPage.OWN, **options)
