"""Creating repositories."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.repositories import views


def includeme(config: Any) -> None:
    """Register the pages."""
    template = "repositories/create.mako"
    config.add_page(views.show_create, SiteContext, "_admin/create_repository", template=template, members=True)
    config.add_page(views.create, SiteContext, "_admin/repos", method="POST", template=template, unit=UnitOfPage.OWN)
