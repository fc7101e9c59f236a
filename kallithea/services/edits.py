"""Changing files of a repository without a clone of it."""

import datetime

from kallithea.core.access import Viewer
from kallithea.core.actor import Actor
from kallithea.services.application import Application
from kallithea.services.ref_moves import find_writable, move_refs
from kallithea.vcs.types import Signature
from kallithea.vcs.writing import CommitRequest, CommitText


def commit_files(
    application: Application, actor: Actor, viewer: Viewer, repository_id: int, request: CommitRequest
) -> str:
    """Commit changed files, journal it as a push by the actor, and return the commit's id.

    Call it outside of any unit of work. Raises NotFoundError, ForbiddenError, UnavailableError, and what
    ``vcs.backend.Writing.commit_files`` raises: RefMovedError, RefusedPathError, NothingChangedError ...
    """
    place = find_writable(application, viewer, repository_id)
    return move_refs(application, place, actor, lambda repository, announce: repository.commit_files(request, announce))


def make_text(message: str, name: str, email: str, when: datetime.datetime) -> CommitText:
    """What a commit says that a person of this name and mail address makes now. Raises RefusedWriteError.

    The message comes from a form: its line ends become LF.
    """
    text = message.replace("\r\n", "\n").replace("\r", "\n").strip()
    author = Signature(name.encode(), email.encode(), when)
    return CommitText(text.encode() + b"\n" if text else b"", author, author)
