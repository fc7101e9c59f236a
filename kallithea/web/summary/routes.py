"""The first page of a repository."""

from typing import Any

from kallithea.web.context import RepositoryContext
from kallithea.web.pages import Cost, UnitOfPage
from kallithea.web.summary import facts
from kallithea.web.summary.views import show_summary


def includeme(config: Any) -> None:
    """Register the page under both of its names, and the part of it that comes later."""
    for name in ("", "summary"):
        config.add_page(show_summary, RepositoryContext, name, template="summary/summary.mako", tab="summary")
    config.add_page(
        facts.show_facts,
        RepositoryContext,
        "summary-facts",
        template="summary/facts.mako",
        unit=UnitOfPage.OWN,
        rest=True,
        cost=Cost.HISTORY,
    )
    config.add_page(
        facts.count_facts, RepositoryContext, facts.WITH_FACTS, unit=UnitOfPage.OWN, rest=True, cost=Cost.HISTORY
    )
