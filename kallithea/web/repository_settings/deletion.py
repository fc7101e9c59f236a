"""Deleting a repository."""

from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.words import _
from kallithea.services.trash_names import KEPT
from kallithea.services.work import writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request


@dataclass(frozen=True, slots=True)
class DeletePage:
    """What is lost, and the form. The repository can come back for so many ``days``."""

    path: str
    days: int
    typed: str = ""
    problem: str = ""


def show_delete(context: RepositoryContext, request: Request) -> DeletePage:
    """The form that asks for the path."""
    return DeletePage(context.path, KEPT.days)


def delete(context: RepositoryContext, request: Request) -> DeletePage | Response:
    """Delete the repository if its path was typed."""
    typed = request.form.get("path", "").strip()
    viewer = request.visitor.viewer
    with writing(request.application) as services:
        row = services.repositories.get_by_id(context.repository.repository_id)
        services.permissions.require(viewer, row, Level.ADMIN)
        if typed == row.path:
            group_id, group = row.group_id, row.path.rpartition("/")[0]
            services.repositories.delete(request.actor, row)
            services.permissions.forget()
            visible = group_id is not None and services.repository_groups.visible(viewer, group_id)
            return redirect(request.links.repository(group) if visible else request.links.home())
    request.response.status_int = 422
    problem = _("Nothing was deleted. Write the whole path, %(path)s, as it stands here.", path=row.path)
    return DeletePage(row.path, KEPT.days, typed, problem)
