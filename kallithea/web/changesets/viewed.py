"""Marks of the files of a commit or comparison that somebody has viewed, for the script that sets and shows them."""

import json

from kallithea.core.errors import NotFoundError
from kallithea.core.file_codes import is_file_code, pair_code
from kallithea.core.words import _
from kallithea.services.revisions import is_full_id
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.context import RepositoryContext
from kallithea.web.request import BadRequestError, Request


def show_viewed(context: RepositoryContext, request: Request) -> Response:
    """Codes of the files that the visitor has viewed, as JSON; of a commit by its full id, of two as ``old..new``."""
    changes, user_id = _changes(context), request.visitor.user_id
    codes: tuple[str, ...] = ()
    if user_id is not None:
        codes = request.services.viewed_files.list_(user_id, context.repository.repository_id, changes)
    return Response(json.dumps(codes).encode(), content_type="application/json")


def mark(context: RepositoryContext, request: Request) -> Response:
    """Set the mark of one file, or take it away."""
    changes, code = _changes(context), request.form.get("file", "")
    if not is_file_code(code):
        raise BadRequestError(_("The form does not say which file."))
    with writing(request.application) as services:
        viewed = services.viewed_files
        change = viewed.ensure if request.form.get("viewed") == "1" else viewed.delete
        change(request.visitor.member_id, context.repository.repository_id, changes, code)
    return Response(status=204)


def _changes(context: RepositoryContext) -> str:
    """What stands for them in the table."""
    old, dots, new = b"".join(context.rest).rpartition(b"..")
    if len(context.rest) != 1 or not is_full_id(new) or not (is_full_id(old) or not old):
        raise NotFoundError(_("There is no such commit."))
    return pair_code(old.decode() or None, new.decode()) if dots else new.decode()
