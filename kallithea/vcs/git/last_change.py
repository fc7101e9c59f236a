"""The last change of each entry of a folder in Git: see ``kallithea.vcs.last_change`` for what that is."""

import contextlib
from collections.abc import Collection

from kallithea.core.words import _
from kallithea.vcs.git.entry_walk import EntryWalk
from kallithea.vcs.git.last_modified import find_last_modified
from kallithea.vcs.git.process import GitLimits
from kallithea.vcs.git.trees import GitTree
from kallithea.vcs.last_change import DEFAULT_SECONDS, LastChanges
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import EntryKind, LimitExceededError, PathNotFoundError, VcsError

# What is known of a commit helps as long as both commits are at most so far from where their lines meet.
_MOST_NEW = 4096
_MOST_OLD = 1024


class GitLastChange(GitTree):
    """Implements ``backend.LastChange``."""

    def last_changes(
        self,
        commit_id: str,
        path: bytes,
        names: Collection[bytes],
        *,
        known: LastChanges | None = None,
        seconds: float = DEFAULT_SECONDS,
    ) -> LastChanges:
        """See ``backend.LastChange``."""
        wanted = frozenset(names)
        folder = self._find(commit_id, path)
        if folder.kind is not EntryKind.FOLDER:
            raise PathNotFoundError(_("This is not a folder."))
        items = self._objects.tree(folder.object_id)
        trees = frozenset(item.name for item in items if item.kind is EntryKind.FOLDER)
        with contextlib.closing(EntryWalk(self._options, self.path, path, wanted, trees, seconds=seconds)) as walk:
            if known is None or not _extend(walk, commit_id, known, wanted):
                limits = GitLimits(seconds=seconds, weight=Weight.HEAVY)
                found = find_last_modified(self._options, self.path, commit_id, path, wanted, limits)
                if found is not None:
                    return LastChanges(commit_id, found)
                walk.follow(commit_id)
            return LastChanges(commit_id, walk.changes)


def _extend(walk: EntryWalk, commit_id: str, known: LastChanges, names: frozenset[bytes]) -> bool:
    """Answer from what is known of another commit, which need not be an ancestor; False where that does not help.

    The two lines along first parents meet, or one is part of the other. An entry that is the same all along the line
    from the other commit to the meeting point has the same answer there, because the rule takes it along that line.
    """
    try:
        new = walk.line(commit_id, known.commit_id, _MOST_NEW)
        if new is None:
            return False
        meeting = new[-1][1] if new else commit_id
        walk.know(known.commit_id, known.changes)
        if meeting is not None and meeting != known.commit_id:
            old = walk.line(known.commit_id, meeting, _MOST_OLD)
            if old is None or not old or old[-1][1] != meeting:
                return False
            same = walk.unchanged(old, names & known.changes.keys())
            walk.know(meeting, {name: known.changes[name] for name in same})
    except LimitExceededError:
        raise
    except VcsError:
        # The other commit may be gone since its answers were stored.
        return False
    walk.follow(commit_id, new)
    return True
