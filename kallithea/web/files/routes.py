"""Folders and files of a commit."""

from typing import Any

from kallithea.web.context import RepositoryContext
from kallithea.web.files import annotate, raw, views
from kallithea.web.files.changes import show_changes
from kallithea.web.files.finding import show_find, show_names
from kallithea.web.files.searching import show_line_search
from kallithea.web.files.tree import show_tree
from kallithea.web.pages import Cost, UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages."""
    config.add_page(views.show_path, RepositoryContext, "files", template="files/file.mako", rest=True, tab="files")
    config.add_page(
        show_changes,
        RepositoryContext,
        "files-changes",
        template="files/changes.mako",
        unit=UnitOfPage.OWN,
        rest=True,
        cost=Cost.HISTORY,
    )
    config.add_page(
        views.show_folder_with_changes,
        RepositoryContext,
        "files-with-changes",
        template="files/folder.mako",
        unit=UnitOfPage.OWN,
        rest=True,
        tab="files",
        cost=Cost.HISTORY,
    )
    config.add_page(
        show_find,
        RepositoryContext,
        "files-find",
        template="files/find.mako",
        rest=True,
        tab="files",
        cost=Cost.HISTORY,
    )
    config.add_page(
        show_line_search,
        RepositoryContext,
        "files-search",
        template="files/search.mako",
        unit=UnitOfPage.OWN,
        rest=True,
        tab="files",
        cost=Cost.HISTORY,
        dear_with="q",
    )
    config.add_page(show_names, RepositoryContext, "files-names", rest=True, unit=UnitOfPage.OWN, cost=Cost.HISTORY)
    config.add_page(show_tree, RepositoryContext, "files-tree", template="files/tree.mako", rest=True)
    config.add_page(
        annotate.show_annotation,
        RepositoryContext,
        "annotate",
        template="files/annotate.mako",
        rest=True,
        tab="files",
        cost=Cost.HEAVY,
    )
    config.add_page(raw.show_raw, RepositoryContext, "raw", rest=True, unit=UnitOfPage.OWN)
    config.add_page(raw.download_raw, RepositoryContext, "rawfile", rest=True, unit=UnitOfPage.OWN)
