"""Repositories that were deleted, for the administrators of the site, who can bring them back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kallithea.core.errors import ConflictError, InvalidError, NotFoundError, message_of
from kallithea.core.words import _
from kallithea.services.deleted_repositories import DeletedRow
from kallithea.services.repository_restoring import restore_repository
from kallithea.services.work import reading
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import BadRequestError, Request

#: Repositories on the page; the command line shows more.
SHOWN = 200

_MOST_DIGITS = 9


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
    text, path = request.form.get("repository_id", ""), request.form.get("path", "").strip()
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise BadRequestError(_("The form does not say which repository."))
    repository_id = int(text)
    try:
        restored = restore_repository(
            request.application, request.actor, request.visitor.viewer, repository_id, path=path
        )
    except InvalidError as problem:
        return _again(request, 422, repository_id, path, " ".join(problem.problems.values()))
    except ConflictError as problem:
        return _again(request, 409, repository_id, path, message_of(problem))
    except NotFoundError as problem:
        return _again(request, 404, repository_id, path, message_of(problem))
    return redirect(request.links.repository(restored))


def _again(request: Request, status: int, repository_id: int, path: str, words: str) -> DeletedPage:
    request.response.status_int = status
    with reading(request.application) as services:
        rows = services.deleted_repositories.list_(limit=SHOWN)
    # one that is gone has no row for its words
    at = repository_id if any(row.repository_id == repository_id for row in rows) else 0
    return DeletedPage(rows, {at: path}, {at: words})
