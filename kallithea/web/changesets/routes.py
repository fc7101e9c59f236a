"""One commit."""

from typing import Any

from kallithea.web.changesets import children, parts, raw, viewed, views
from kallithea.web.context import RepositoryContext
from kallithea.web.pages import Cost, UnitOfPage
from kallithea.web.ui.diff_tools import VIEWED


def includeme(config: Any) -> None:
    """Register the pages."""
    config.add_page(
        views.show_changeset,
        RepositoryContext,
        "changeset",
        template="changesets/changeset.mako",
        rest=True,
        tab="changelog",
        cost=Cost.HISTORY,
    )
    config.add_page(
        children.show_children,
        RepositoryContext,
        "changeset-children",
        template="changesets/children.mako",
        rest=True,
        tab="changelog",
        cost=Cost.HISTORY,
    )
    config.add_page(
        parts.show_file,
        RepositoryContext,
        "changeset-file",
        template="changesets/file.mako",
        rest=True,
        tab="changelog",
        cost=Cost.HISTORY,
    )
    config.add_page(
        parts.show_lines,
        RepositoryContext,
        "changeset-lines",
        template="ui/diff_lines.mako",
        rest=True,
        cost=Cost.HISTORY,
    )
    for name, view in (
        ("changeset-diff", raw.show_diff),
        ("raw-changeset", raw.show_diff),
        ("changeset-patch", raw.show_patch),
        ("changeset-download", raw.download_diff),
    ):
        config.add_page(view, RepositoryContext, name, rest=True, cost=Cost.HISTORY)
    config.add_page(viewed.show_viewed, RepositoryContext, VIEWED, rest=True)
    options = {"method": "POST", "unit": UnitOfPage.OWN, "rest": True, "members": True}
    config.add_page(viewed.mark, RepositoryContext, VIEWED, **options)
