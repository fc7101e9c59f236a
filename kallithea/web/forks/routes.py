"""Forks of a repository."""

from typing import Any

from kallithea.web.context import RepositoryContext
from kallithea.web.forks import listing, views
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages. What they show changes without the repository: they say so by naming their unit."""
    form = "forks/fork.mako"
    reading = UnitOfPage.READING
    config.add_page(
        listing.show_forks, RepositoryContext, "forks", template="forks/forks.mako", unit=reading, tab="forks"
    )
    config.add_page(views.show_fork, RepositoryContext, "fork", template=form, unit=reading, tab="forks", members=True)
    config.add_page(
        views.fork, RepositoryContext, "fork", method="POST", template=form, unit=UnitOfPage.OWN, tab="forks"
    )
