"""Which commits the refs of a Git repository have got; walked by the git program."""

from collections.abc import Collection

from kallithea.vcs.git.log import AS_WRITTEN, WALK, GitLog
from kallithea.vcs.git.process import GitLimits, GitProcess
from kallithea.vcs.history import Arrived
from kallithea.vcs.slots import Weight

_LIMITS = GitLimits(seconds=60, output=WALK.output, weight=Weight.JOB, patience=60)


class GitArrivals(GitLog):
    """Implements ``backend.Arrivals``."""

    def arrived(self, tips: Collection[str], known: Collection[str], *, limit: int) -> Arrived:
        """See ``backend.Arrivals``."""
        commits = self._peel(one for one in {*tips, *known} if self._objects.is_id(one))
        starts = {commits[tip] for tip in tips if tip in commits}
        ends = {commits[one] for one in known if one in commits}
        if starts <= ends:
            return Arrived(0, ())
        asked = "".join(f"{one}\n" for one in (*sorted(starts), *(f"^{end}" for end in sorted(ends))))
        count = int(self._list_arrived("--count", asked=asked))
        if limit == 0:
            return Arrived(count, ())
        return Arrived(count, tuple(self._parse(self._list_arrived(f"--max-count={limit}", *AS_WRITTEN, asked=asked))))

    def _list_arrived(self, *options: str, asked: str) -> bytes:
        command = ["rev-list", *options, "--stdin"]
        with GitProcess(self._options, self.path, *command, limits=_LIMITS, with_input=True) as process:
            process.write(asked.encode("ascii"))
            process.end_input()
            output = b"".join(iter(process.read, b""))
            process.finish()
        return output
