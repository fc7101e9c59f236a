"""Searching the site, a group, a repository."""

from typing import Any

from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from kallithea.web.pages import Cost, UnitOfPage
from kallithea.web.search import views
from kallithea.web.search.old_addresses import lead_to_search


def includeme(config: Any) -> None:
    """Register the pages. What they show is in no database, so they get no ETag."""
    config.add_page(lead_to_search, SiteContext, "_admin/search", rest=True)
    for context, name in ((SiteContext, "_search"), (GroupContext, "search"), (RepositoryContext, "search")):
        config.add_page(
            views.show_search,
            context,
            name,
            template="search/search.mako",
            unit=UnitOfPage.READING,
            cost=Cost.HISTORY,
        )
