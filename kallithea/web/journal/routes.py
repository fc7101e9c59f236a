"""Journals."""

from typing import Any

from kallithea.core.access import Level
from kallithea.render.feed_xml import FeedFormat
from kallithea.web.context import RepositoryContext, SiteContext
from kallithea.web.journal import feeds, views
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages. The list changes without the repository: it says so by naming its unit."""
    journal, site = "journal/journal.mako", "journal/site.mako"
    config.add_page(views.show_own, SiteContext, views.OWN, template=journal, members=True)
    config.add_page(views.show_public, SiteContext, views.PUBLIC, template=journal)
    config.add_page(views.show_site, SiteContext, views.SITE, template=site, level=Level.ADMIN, members=True)
    for form in FeedFormat:
        own, public = feeds.show_own(form), feeds.show_public(form)
        config.add_page(own, SiteContext, f"{views.OWN}/{form}", members=True, feed=True)
        config.add_page(public, SiteContext, f"{views.PUBLIC}/{form}", feed=True)
        # as Kallithea 0.7 has it besides
        config.add_page(public, SiteContext, f"{views.PUBLIC}_{form}", feed=True)
    config.add_page(
        views.show_repository,
        RepositoryContext,
        "journal",
        template=journal,
        unit=UnitOfPage.READING,
        tab="journal",
    )
