"""Deleting a repository."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.errors import InvalidError
from kallithea.core.words import _
from kallithea.services.scope import Services
from kallithea.services.trash_names import KEPT
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
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

    def change() -> str:
        with writing(request.application) as services:
            viewer, row = request.viewer_in(services), services.repositories.get_by_id(context.repository.repository_id)
            services.permissions.require(viewer, row, Level.ADMIN)
            if typed != row.path:
                words = _("Nothing was deleted. Write the whole path, %(path)s, as it stands here.", path=row.path)
                raise InvalidError({"path": words})
            group_id, group = row.group_id, row.path.rpartition("/")[0]
            services.repositories.delete(request.actor, row)
            services.permissions.forget()
            visible = group_id is not None and services.repository_groups.visible(viewer, group_id)
            return request.links.repository(group) if visible else request.links.home()

    def show_again(services: Services, problems: Mapping[str, str]) -> DeletePage:
        path = services.repositories.get_by_id(context.repository.repository_id).path
        return DeletePage(path, KEPT.days, typed, problems["path"])

    return change_or_show_again(request, change, show_again, field="path")
