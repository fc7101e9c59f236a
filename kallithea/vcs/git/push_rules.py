"""Which refs may be pushed. Git accepts more names than are good for anybody: this is the stricter rule of the site."""

import re
from collections.abc import Sequence

from kallithea.core.words import _
from kallithea.vcs.types import RefUpdate

#: Where pushes may move refs. All others belong to the site or to other programs.
PUSHABLE = (b"refs/heads/", b"refs/tags/", b"refs/notes/")
_TAGS = b"refs/tags"

_OBJECT_ID = re.compile(rb"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")


def find_update_problem(update: RefUpdate) -> str | None:
    """Why a push must not make this update, as words for the person who pushes, or None.

    What has come into a repository by other ways may be deleted, so the rules for names are for new values alone.
    """
    prefix = next((prefix for prefix in PUSHABLE if update.name.startswith(prefix)), None)
    if prefix is None:
        return _("only branches, tags and notes can be pushed (refs/heads/, refs/tags/, refs/notes/)")
    return None if update.new is None else _find_name_problem(update.name.removeprefix(prefix))


def list_unneeded(updates: Sequence[RefUpdate]) -> list[bytes]:
    """Beginnings of refs without which git can tell quickly, too, that a push with these updates lacks no objects.

    Git looks from what is new to the next of all refs, and for that reads each of them. Where branches alone move on,
    they are the next: of a repository with a thousand releases, reading their tags takes longer than all the rest.
    """
    moves_on = all(update.old is not None and not update.name.startswith(_TAGS) for update in updates)
    return [_TAGS] if moves_on else []


def _find_name_problem(short: bytes) -> str | None:
    if short.startswith(b"-"):
        return _("a name must not begin with '-', because commands take it for an option")
    if short.startswith(b"refs/"):
        return _("a name must not begin with 'refs/', because git itself puts that before it")
    if short.upper() in (b"HEAD", b"FETCH_HEAD", b"ORIG_HEAD", b"MERGE_HEAD"):
        return _("a name must not be one that git uses itself")
    if _OBJECT_ID.fullmatch(short):
        return _("a name must not look like the id of a commit")
    return None
