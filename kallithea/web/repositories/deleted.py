"""Repositories that were deleted, for the administrators of the site, who can bring them back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.services.deleted_repositories import DeletedRow
from kallithea.services.repository_restoring import restore_repository
from kallithea.services.scope import Services
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.ids import parse_id
from kallithea.web.request import BadRequestError, Request

#: Repositories on the page; the command line shows more.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class DeletedPage:
    """What can come back. ``written`` are paths that somebody wrote, and ``problems`` what is wrong, by the id."""

    rows: tuple[DeletedRow, ...]
    written: Mapping[int, str] = field(default_factory=dict)
    problems: Mapping[int, str] = field(default_factory=dict)


def show_deleted(context: SiteContext, request: Request) -> DeletedPage:
    """The list, last deleted first."""
    return DeletedPage(request.services.deleted_repositories.list_(limit=SHOWN))


def restore(context: SiteContext, request: Request) -> DeletedPage | Response:
    """Bring one back at the path that was written, or show the list again and say what is wrong."""
    path, repository_id = request.form.get("path", "").strip(), parse_id(request.form.get("repository_id", ""))
    if repository_id is None:
        raise BadRequestError(_("The form does not say which repository."))

    def change() -> str:
        viewer = request.visitor.viewer
        restored = restore_repository(request.application, request.actor, viewer, repository_id, path=path)
        return request.links.repository(restored)

    def show_again(services: Services, problems: Mapping[str, str]) -> DeletedPage:
        rows = services.deleted_repositories.list_(limit=SHOWN)
        # one that is gone has no row for its words
        at = repository_id if any(row.repository_id == repository_id for row in rows) else 0
        return DeletedPage(rows, {at: path}, {at: " ".join(problems.values())})

    return change_or_show_again(request, change, show_again, also=(NotFoundError,))
