"""How commits of a Git repository lie to each other; walked by the git program."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

from kallithea.vcs.deadline import Deadline
from kallithea.vcs.git.history import GitHistory
from kallithea.vcs.git.lines import lines
from kallithea.vcs.git.log import LINE_WALK, WALK
from kallithea.vcs.git.process import GitProcess, run_git, stream_git
from kallithea.vcs.history import AheadBehind


class GitAncestry(GitHistory):
    """Implements ``backend.Ancestry``."""

    def count(self, start: str | None) -> int:
        """See ``backend.Ancestry``."""
        if start is not None:
            self.commit(start)
        return int(self._walk("rev-list", "--count", "--use-bitmap-index", *self._tips(start), "--"))

    def merge_bases(self, one: str, other: str) -> tuple[str, ...]:
        """See ``backend.Ancestry``."""
        for commit_id in (one, other):
            self.commit(commit_id)
        # It ends with 1 where there is none.
        output = self._walk("merge-base", "--all", "--end-of-options", one, other, accept=(0, 1))
        return tuple(output.decode("ascii").split())

    def merge_base(self, one: str, other: str) -> str | None:
        """See ``backend.Ancestry``. It is the one that ``git merge-base`` names."""
        bases = self.merge_bases(one, other)
        return bases[0] if bases else None

    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        """See ``backend.Ancestry``."""
        for commit_id in (ancestor, descendant):
            self.commit(commit_id)
        command = ["merge-base", "--is-ancestor", "--end-of-options", ancestor, descendant]
        with GitProcess(self._options, self.path, *command, limits=WALK) as process:
            return process.finish(accept=(0, 1)) == 0

    def children(self, commit_id: str, *, limit: int) -> tuple[str, ...]:
        """See ``backend.Ancestry``."""
        self.commit(commit_id)
        command = ["rev-list", "--parents", "--ancestry-path", *self._tips(None), f"^{commit_id}", "--"]
        walk = lines(stream_git(self._options, self.path, *command, limits=LINE_WALK, buffered=True))
        # A line is the id of a commit and those of its parents; the commit itself is not among the lines.
        parent = commit_id.encode("ascii")
        found = (line.partition(b" ")[0].decode("ascii") for line in walk if parent in line)
        return tuple(itertools.islice(found, limit))

    def ahead_behind(self, tip: str, base: str) -> AheadBehind:
        """See ``backend.Ancestry``."""
        for commit_id in (tip, base):
            self.commit(commit_id)
        output = self._walk("rev-list", "--left-right", "--count", "--end-of-options", f"{tip}...{base}", "--")
        ahead, behind = output.split()
        return AheadBehind(int(ahead), int(behind))

    def ahead_behind_all(self, tips: Iterable[str], base: str, *, seconds: float) -> Mapping[str, AheadBehind]:
        """See ``backend.Ancestry``."""
        deadline = Deadline(seconds)
        found: dict[str, AheadBehind] = {}
        for tip in tips:
            if deadline.is_over:
                break
            if tip not in found:
                found[tip] = self.ahead_behind(tip, base)
        return found

    def _walk(self, *arguments: str, accept: Sequence[int] = (0,)) -> bytes:
        return run_git(self._options, self.path, *arguments, limits=WALK, accept=accept)
