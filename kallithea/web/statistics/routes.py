"""Statistics of a repository."""

from typing import Any

from kallithea.web.context import RepositoryContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.statistics.views import show_statistics


def includeme(config: Any) -> None:
    """Register the page. What it shows changes without the repository: it says so by naming its unit."""
    config.add_page(
        show_statistics,
        RepositoryContext,
        "statistics",
        template="statistics/statistics.mako",
        unit=UnitOfPage.READING,
        tab="summary",
    )
