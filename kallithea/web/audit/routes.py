"""The record of administration."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.audit import export, views
from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages, which are for administrators of the site."""
    config.add_page(
        views.show_audit, SiteContext, "_admin", template="audit/audit.mako", level=Level.ADMIN, members=True
    )
    config.add_page(
        export.export_audit, SiteContext, "_admin/audit.csv", level=Level.ADMIN, unit=UnitOfPage.OWN, members=True
    )
