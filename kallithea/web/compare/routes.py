"""Two sides of a history, of one repository or of two."""

from typing import Any

from kallithea.web.compare import parts, raw, views
from kallithea.web.context import RepositoryContext
from kallithea.web.pages import Cost


def includeme(config: Any) -> None:
    """Register the pages."""
    config.add_page(
        views.show_compare,
        RepositoryContext,
        "compare",
        template="compare/compare.mako",
        rest=True,
        tab="changelog",
        cost=Cost.HISTORY,
        pair=True,
    )
    config.add_page(
        parts.show_file,
        RepositoryContext,
        "compare-file",
        template="compare/file.mako",
        rest=True,
        tab="changelog",
        cost=Cost.HISTORY,
        pair=True,
    )
    config.add_page(
        parts.show_lines,
        RepositoryContext,
        "compare-lines",
        template="ui/diff_lines.mako",
        rest=True,
        pair=True,
        cost=Cost.HISTORY,
    )
    config.add_page(raw.show_diff, RepositoryContext, "compare-diff", rest=True, cost=Cost.HISTORY, pair=True)
