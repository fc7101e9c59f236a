"""The history of a repository."""

from typing import Any

from kallithea.web.changelog.views import show_changelog, show_count
from kallithea.web.context import RepositoryContext
from kallithea.web.pages import Cost


def includeme(config: Any) -> None:
    """Register the page, and the part of it that comes later."""
    config.add_page(
        show_changelog,
        RepositoryContext,
        "changelog",
        template="changelog/changelog.mako",
        rest=True,
        tab="changelog",
        cost=Cost.HISTORY,
        dear_with="lines",
    )
    config.add_page(
        show_count,
        RepositoryContext,
        "changelog-count",
        template="changelog/count.mako",
        rest=True,
        cost=Cost.HISTORY,
    )
