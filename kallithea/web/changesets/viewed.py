"""Marks of the files of a commit that somebody has viewed, for the script that sets and shows them."""

import json

from kallithea.core.errors import NotFoundError
from kallithea.core.file_codes import is_file_code
from kallithea.core.words import _
from kallithea.services.revisions import is_full_id
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.context import RepositoryContext
from kallithea.web.request import BadRequestError, Request

NAME = "changeset-viewed"


def show_viewed(context: RepositoryContext, request: Request) -> Response:
    """Codes of the files that the visitor has viewed, as a list in JSON; of a commit by its full id."""
    commit_id, user_id = _commit_id(context), request.visitor.user_id
    codes: tuple[str, ...] = ()
    if user_id is not None:
        codes = request.services.viewed_files.list_(user_id, context.repository.repository_id, commit_id)
    return Response(json.dumps(codes).encode(), content_type="application/json")


def mark(context: RepositoryContext, request: Request) -> Response:
    """Set the mark of one file, or take it away."""
    commit_id, code = _commit_id(context), request.form.get("file", "")
    if not is_file_code(code):
        raise BadRequestError(_("The form does not say which file."))
    with writing(request.application) as services:
        viewed = services.viewed_files
        change = viewed.ensure if request.form.get("viewed") == "1" else viewed.delete
        change(request.visitor.member_id, context.repository.repository_id, commit_id, code)
    return Response(status=204)


def _commit_id(context: RepositoryContext) -> str:
    if len(context.rest) != 1 or not is_full_id(context.rest[0]):
        raise NotFoundError(_("There is no such commit."))
    return context.rest[0].decode()
