"""Repositories that come from other sites."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.imports import views
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages."""
    name, template = "_admin/import_repository", "imports/import.mako"
    config.add_page(views.show_import, SiteContext, name, template=template, members=True)
    config.add_page(views.import_repository, SiteContext, name, method="POST", template=template, unit=UnitOfPage.OWN)
