"""Which commit changed each entry of a folder last, and what that means.

**Git.** From a commit, an entry is followed to the first parent in which it is the same (mode, and blob, contents of
the folder, or pinned commit), and so on; the commit where no parent has it the same is the answer. That is what
``git log -1 COMMIT -- ENTRY`` prints: for one path, its default simplification of the history is this rule. Dates play
no part, and a change on a side branch whose result a merge threw away is passed by.

**Mercurial.** The answer is what ``hg log --follow --limit 1 --rev CHANGESET ENTRY`` prints. For a file that is the
changeset that introduced its revision, taken from the ancestors (Mercurial's ``introrev``); a change of its flags alone
makes no new revision. Where a file's own history is damaged, it is the newest ancestor that brought the revision. For a
folder it is the ancestor with the highest local number that names the folder, or anything below it, among its files. A
sub-repository, of which ``hg log`` knows nothing, is followed through the revisions of ``.hgsubstate`` to the one that
pinned it where it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.vcs.deadline import Deadline

#: How long the search in one folder may take.
DEFAULT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class LastChanges:
    """Of a folder at ``commit_id``: names of entries, and for each the id of the commit that changed it last."""

    commit_id: str
    changes: Mapping[bytes, str]


def search_deadline(seconds: float) -> Deadline:
    """The end of the time that one search may take."""
    words = _("Finding the last changes took longer than %(seconds)s seconds.", seconds=f"{seconds:g}")
    return Deadline(seconds, words)
