"""All branches, bookmarks and tags."""

from typing import Any

from kallithea.web.branches.views import show_branches
from kallithea.web.context import RepositoryContext


def includeme(config: Any) -> None:
    """Register the page."""
    config.add_page(show_branches, RepositoryContext, "branches", template="branches/branches.mako", tab="branches")
