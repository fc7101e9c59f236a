"""Followers of a repository."""

from typing import Any

from kallithea.web.context import RepositoryContext
from kallithea.web.followers import views
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages. The list changes without the repository: it says so by naming its unit.

    What changes something opens its unit itself: pages of errors show the repository, which a failed unit forgets.
    """
    config.add_page(
        views.show_followers,
        RepositoryContext,
        "followers",
        template="followers/followers.mako",
        unit=UnitOfPage.READING,
        tab="followers",
    )
    for name, view in (("follow", views.follow), ("unfollow", views.unfollow)):
        config.add_page(view, RepositoryContext, name, method="POST", unit=UnitOfPage.OWN)
