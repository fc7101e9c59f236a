"""Journals."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import RepositoryContext, SiteContext
from kallithea.web.journal import views
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages. The list changes without the repository: it says so by naming its unit."""
    journal, site = "journal/journal.mako", "journal/site.mako"
    config.add_page(views.show_own, SiteContext, views.OWN, template=journal, members=True)
    config.add_page(views.show_public, SiteContext, views.PUBLIC, template=journal)
    config.add_page(views.show_site, SiteContext, views.SITE, template=site, level=Level.ADMIN, members=True)
    config.add_page(
        views.show_repository,
        RepositoryContext,
        "journal",
        template=journal,
        unit=UnitOfPage.READING,
        tab="journal",
    )
