"""All branches, bookmarks and tags."""

from typing import Any

from kallithea.web.branches.menu import show_menu
from kallithea.web.branches.views import show_branches
from kallithea.web.context import RepositoryContext


def includeme(config: Any) -> None:
    """Register the pages."""
    config.add_page(show_branches, RepositoryContext, "branches", template="branches/branches.mako", tab="branches")
    config.add_page(show_menu, RepositoryContext, "refs-menu", template="branches/menu.mako")
