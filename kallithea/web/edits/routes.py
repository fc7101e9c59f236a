"""Changing files of a repository in the browser."""

from typing import Any

from kallithea.web.context import RepositoryContext
from kallithea.web.edits import adding, deleting, editing, uploading
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages: each form under the same address as what takes it."""
    for name, show, take, template in (
        ("edit", editing.show_edit, editing.edit, "edits/edit.mako"),
        ("add", adding.show_add, adding.add, "edits/edit.mako"),
        ("upload", uploading.show_upload, uploading.upload, "edits/upload.mako"),
        ("delete", deleting.show_delete, deleting.delete, "edits/delete.mako"),
    ):
        config.add_page(show, RepositoryContext, name, template=template, rest=True, tab="files")
        config.add_page(
            take,
            RepositoryContext,
            name,
            method="POST",
            template=template,
            unit=UnitOfPage.OWN,
            rest=True,
            tab="files",
            upload=True,
        )
