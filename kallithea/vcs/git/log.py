"""Histories of Git repositories, walked by the git program with the help of its commit-graph.

A walk by path, dates or merges is one process, which also writes out the commits. Words in authors and messages are
searched in a second step, block by block, so that it is known how far a search has come when its time is over.
"""

import itertools
import math
import pathlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kallithea.vcs.blame import LARGEST_FILE, FileVersion, lines_of
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.git.following import follow, follow_lines
from kallithea.vcs.git.history import GitHistory
from kallithea.vcs.git.lines import lines
from kallithea.vcs.git.objects_alone import objects_alone
from kallithea.vcs.git.process import TREE_MEMORY, GitLimits, GitProcess, stream_git
from kallithea.vcs.git.trees import GitTree
from kallithea.vcs.history import LogFilter, LogPage, Merges, UntilDamage
from kallithea.vcs.signature import parse_git_signature
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import Commit

#: Seconds after which a search hands over what it has found.
SEARCH_SECONDS = 3.0
#: How many commits are searched by one process, and by the first one: most people are found among the newest commits.
SEARCH_BLOCK = 5_000
FIRST_BLOCK = 500
_GROWTH = 4

#: Bounds of a walk through commits alone. With a commit-graph it takes milliseconds, without one seconds where the
#: history is large: then it needs a heavy slot.
#: Messages of any size can be packed small: what is written out of commits is as much as a page holds.
WALK = GitLimits(seconds=20, output=16 << 20, light_seconds=2, patience=2)
#: The same where each commit of a history has a line.
LINE_WALK = replace(WALK, output=1 << 30)
# What is picked out of a walk that has a slot.
_LIGHT = GitLimits(seconds=20, output=WALK.output)
# A process that others are started for while it runs has the slot for all of them; it writes nothing but ids.
_HEAVY = GitLimits(seconds=20, weight=Weight.HEAVY)
_BY_PATH = replace(_HEAVY, output=WALK.output)
#: Bounds of the history of a file, or of some lines of it, under all its names, for which whole trees are compared.
FOLLOWING = replace(_HEAVY, total_memory=TREE_MEMORY)
#: The fields of a commit, ended by NUL; git puts "commit ID" and a line end before them.
AS_WRITTEN = ("--encoding=UTF-8", "--date=raw", "--format=%P%x00%an <%ae> %ad%x00%cn <%ce> %cd%x00%e%x00%B%x00")
_FIELDS = 5
_SIGNATURE = re.compile(rb".* <.*> \d{1,20} [+-]\d{4,9}", re.DOTALL)
_MERGES: dict[Merges, Sequence[str]] = {
    Merges.ALL: (),
    Merges.NONE: ("--no-merges",),
    Merges.ONLY: ("--merges",),
    Merges.FIRST: ("--first-parent",),
}


class GitLog(GitHistory, GitTree):
    """Implements ``backend.Log``."""

    def log(
        self,
        start: str | None,
        wanted: LogFilter = LogFilter(),  # noqa: B008
        *,
        offset: int = 0,
        limit: int = 50,
    ) -> LogPage:
        """See ``backend.Log``. A search for words, and what goes on under other names, read more."""
        if start is not None:
            self.commit(start)
        before_all = wanted.until is not None and wanted.until.timestamp() < 0
        if wanted.finds_nothing or before_all or wanted.branch is not None or wanted.phase is not None:
            return LogPage(())
        if start is None and wanted.lines is not None:
            return LogPage(())
        structure, words = _structure(wanted), _words(wanted)
        if wanted.path and (wanted.follow or wanted.lines is not None) and start is not None:
            # Much of the repository's own configuration is meant for git log.
            with objects_alone(self._folder, self._objects.format_name) as alone:
                walk = self._follow(alone, start, wanted)
                return self._search_log(itertools.islice(walk, offset, None), [*structure, *words], offset, limit)
        command: list[str | bytes] = ["rev-list", f"--skip={offset}", *structure]
        place: list[str | bytes] = [*self._tips(start), "--", *([wanted.path] if wanted.path else [])]
        if words:
            output = stream_git(self._options, self.path, *command, *place, limits=_HEAVY)
            walk = (line.decode("ascii") for line in lines(output))
            return self._search_log(walk, words, offset, limit)
        command += [f"--max-count={limit + 1}", *AS_WRITTEN, *place]
        # Of a walk that takes too long, what was found by then is shown; by path that may be few commits.
        limits, buffered = (_BY_PATH, False) if wanted.path else (WALK, True)
        output = UntilDamage(stream_git(self._options, self.path, *command, limits=limits, buffered=buffered))
        found = self._parse(b"".join(output))
        if len(found) > limit:
            return LogPage(tuple(found[:limit]), offset + limit)
        return LogPage(tuple(found), damage=output.damage_behind(found))

    def _follow(self, alone: pathlib.Path, start: str, wanted: LogFilter) -> Iterator[str]:
        """What changed the file, or the lines that are wanted of it, in a repository of the objects alone."""
        along = _MERGES[Merges.FIRST] if wanted.merges is Merges.FIRST else ()
        if wanted.lines is None:
            return follow(self._options, alone, start, wanted.path, FOLLOWING, along)
        lines = lines_of(self.blob(start, wanted.path, limit=LARGEST_FILE), wanted.lines)
        if lines is None:
            return iter(())
        return follow_lines(self._options, alone, FileVersion(start, wanted.path), lines, FOLLOWING, along)

    def _search_log(self, ids: Iterator[str], conditions: Sequence[str | bytes], offset: int, limit: int) -> LogPage:
        """Those commits of a walk that meet the conditions. The walk begins at ``offset``."""
        deadline = Deadline(SEARCH_SECONDS)
        walk = UntilDamage(ids)
        found: list[Commit] = []
        position = offset
        size = min(FIRST_BLOCK, SEARCH_BLOCK)
        block = _take(walk, size if conditions else limit + 1)
        while block:
            found += self._select(block, conditions, limit + 1 - len(found))
            if len(found) > limit:
                return LogPage(tuple(found[:limit]), position + block.index(found[limit].commit_id))
            position += len(block)
            size = min(_GROWTH * size, SEARCH_BLOCK)
            block = _take(walk, size)
            if block and deadline.is_over:
                return LogPage(tuple(found), position, searched=position - offset)
        return LogPage(tuple(found), damage=walk.damage_behind(found))

    def _select(self, commit_ids: Iterable[str], conditions: Sequence[str | bytes], most: int) -> list[Commit]:
        """The first of the commits that meet the conditions, in the same order."""
        # A number of commits makes git walk, unless it is told not to after that.
        how = [f"--max-count={most}", "--no-walk=unsorted", "--stdin"]
        command = ["rev-list", *how, *conditions, *AS_WRITTEN]
        with GitProcess(self._options, self.path, *command, limits=_LIGHT, with_input=True, buffered=True) as process:
            process.write("\n".join(commit_ids).encode("ascii") + b"\n")
            process.end_input()
            output = b"".join(iter(process.read, b""))
            process.finish()
        return self._parse(output)

    def _parse(self, output: bytes) -> list[Commit]:
        """Commits as ``AS_WRITTEN`` writes them; of one that was not written to its end nothing is known."""
        fields = output.split(b"\0")
        return [self._make(*fields[first : first + _FIELDS]) for first in range(0, len(fields) - _FIELDS, _FIELDS)]

    def _make(self, ids: bytes, author: bytes, committer: bytes, encoding: bytes, message: bytes) -> Commit:
        _, commit_id, *parents = ids.decode("ascii").split()
        if encoding or not (_SIGNATURE.fullmatch(author) and _SIGNATURE.fullmatch(committer)):
            # git writes nothing of an author or committer who is malformed, and knows other encodings than we do; the
            # object itself tells more.
            return self.commit(commit_id)
        return Commit(commit_id, tuple(parents), parse_git_signature(author), parse_git_signature(committer), message)


def _structure(wanted: LogFilter) -> list[str]:
    """Options for conditions that the walk itself knows about: dates and numbers of parents."""
    options = list(_MERGES[wanted.merges])
    # No commit of Git is older than 1970. With a zone, git takes small numbers for seconds, too.
    if wanted.since is not None and (first := math.ceil(wanted.since.timestamp())) > 0:
        options.append(f"--since=@{first} +0000")
    if wanted.until is not None:
        options.append(f"--until=@{math.floor(wanted.until.timestamp())} +0000")
    return options


def _words(wanted: LogFilter) -> list[str | bytes]:
    """Options for conditions for which the commits themselves have to be read."""
    given = [option + words for option, words in ((b"--author=", wanted.author), (b"--grep=", wanted.text)) if words]
    return [*given, "--fixed-strings", "--regexp-ignore-case"] if given else []


def _take(walk: Iterator[str], count: int) -> list[str]:
    return list(itertools.islice(walk, count))
