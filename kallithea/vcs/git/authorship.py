"""Who made the commits of a Git repository, and when; each one pass over the history by the git program."""

import datetime
import re
from collections.abc import Iterator

from kallithea.vcs.authorship import WEEK, Tally, count_weeks
from kallithea.vcs.git.history import GitHistory
from kallithea.vcs.git.lines import lines
from kallithea.vcs.git.log import LINE_WALK
from kallithea.vcs.git.process import GitLimits, stream_git
from kallithea.vcs.history import Contributors
from kallithea.vcs.slots import Weight

# git puts a line "commit ID" before each of these. Names and addresses are those of the .mailmap.
_PERSON = "--format=%aN%x00%aE%x00%at"
_LINE = re.compile(rb"([^\0]*\0[^\0]*)\0(\d*)")


class GitAuthorship(GitHistory):
    """Implements ``backend.Authorship``."""

    def contributors(self, start: str, *, limit: int, seconds: float = 60) -> Contributors:
        """See ``backend.Authorship``. Names are those of the file ``.mailmap`` in ``start``, where it has one."""
        self.commit(start)
        mailmap = {"mailmap.blob": f"{start}:.mailmap", "mailmap.file": "/dev/null"}
        command = ["rev-list", "--encoding=UTF-8", _PERSON, "--end-of-options", start, "--"]
        limits = GitLimits(seconds=seconds, weight=Weight.HEAVY)
        tally = Tally()
        output = stream_git(self._options, self.path, *command, limits=limits, extra_config=mailmap, buffered=True)
        for line in lines(output):
            if found := _LINE.fullmatch(line):
                tally.add(found[1], int(found[2] or b"0"))
        return tally.contributors(limit)

    def activity(self, start: str, until: datetime.datetime, *, weeks: int = 52) -> tuple[int, ...]:
        """See ``backend.Authorship``. Counted are the committers' dates."""
        self.commit(start)
        return count_weeks(self._times(start, until, weeks), until, weeks)

    def _times(self, start: str, until: datetime.datetime, weeks: int) -> Iterator[int]:
        last = int(until.timestamp())
        dates = [f"--since=@{last - weeks * WEEK}", f"--until=@{last}"]
        command = ["rev-list", "--timestamp", *dates, "--end-of-options", start, "--"]
        for line in lines(stream_git(self._options, self.path, *command, limits=LINE_WALK, buffered=True)):
            yield int(line.partition(b" ")[0])
