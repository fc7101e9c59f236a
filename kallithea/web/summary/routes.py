"""The first page of a repository."""

from typing import Any

from kallithea.web.context import RepositoryContext
from kallithea.web.summary.views import show_summary


def includeme(config: Any) -> None:
    """Register the page under both of its names."""
    for name in ("", "summary"):
        config.add_page(show_summary, RepositoryContext, name, template="summary/summary.mako", tab="summary")
