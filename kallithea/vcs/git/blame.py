"""Who wrote each line of a file, by ``git blame``.

The output of ``git blame --incremental`` is one entry after another: ``COMMIT LINE-THERE LINE-HERE COUNT``, facts about
the commit where it is new, ``previous COMMIT PATH`` where the commit did not begin the file, and ``filename PATH`` as
the last line. Each line but the first begins with the name of its fact. Entries come as they are found, so that
something is known also when time is up.
"""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kallithea.core.words import _
from kallithea.vcs.blame import (
    LARGEST_FILE,
    PLAIN_BLAME,
    Blame,
    BlameCommit,
    BlameGroup,
    BlameOptions,
    FileVersion,
    LineRange,
    count_lines,
    join_groups,
    pass_over,
)
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.git.history import GitHistory
from kallithea.vcs.git.lines import lines
from kallithea.vcs.git.log import WALK
from kallithea.vcs.git.objects_alone import objects_alone
from kallithea.vcs.git.process import TREE_MEMORY, GitLimits, run_git, stream_git
from kallithea.vcs.git.trees import GitTree
from kallithea.vcs.patch import unquote
from kallithea.vcs.signature import parse_git_signature
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import BusyError, LimitExceededError

_AUTHOR = (b"author", b"author-mail", b"author-time", b"author-tz")

# More ranges than this are asked for as one, because the arguments of a process have a limit.
_MOST_RANGES = 2000


class GitBlame(GitHistory, GitTree):
    """Implements ``backend.Blaming``."""

    def changed_in(self, commit_id: str, path: bytes) -> str:
        """See ``backend.Blaming``."""
        self._file(commit_id, path)
        command = ("rev-list", "--max-count=1", "--end-of-options", commit_id, "--")
        output = run_git(self._options, self.path, *command, path, limits=WALK)
        return output.decode("ascii").strip() or commit_id

    def blame(
        self,
        commit_id: str,
        path: bytes,
        *,
        first: int = 1,
        last: int | None = None,
        ignored: Sequence[str] = (),
        options: BlameOptions = PLAIN_BLAME,
        seconds: float = 60.0,
    ) -> Blame:
        """See ``backend.Blaming``."""
        total = self._count_lines(commit_id, path)
        last = total if last is None else min(last, total)
        if last < first:
            return Blame(total, first, last)
        question = _Question(FileVersion(commit_id, path), options, Deadline(seconds))
        groups = join_groups(self._ask(question, [(first, last)], ()))
        if ignored:
            groups = pass_over(groups, frozenset(ignored), lambda ranges: self._ask(question, ranges, ignored))
        self._require_parents({group.commit_id for group in groups if group.before is None})
        used = dict.fromkeys(group.commit_id for group in groups)
        return Blame(total, first, last, groups, tuple(question.commits[commit_id] for commit_id in used))

    def _require_parents(self, beginners: Iterable[str]) -> None:
        """Git takes a commit whose parent is missing for one that began the file. Raises CorruptObjectError."""
        for commit_id in beginners:
            for parent in self.commit(commit_id).parent_ids:
                self._objects.get(parent, "commit")

    def _count_lines(self, commit_id: str, path: bytes) -> int:
        with self._open(self._file(commit_id, path).object_id) as (size, stream):
            if size > LARGEST_FILE:
                raise LimitExceededError(
                    _("Files of more than %(number)s MiB are not annotated.", number=LARGEST_FILE >> 20)
                )
            return count_lines(stream.read())

    def _ask(self, question: "_Question", ranges: list[LineRange], ignored: Sequence[str]) -> Iterator[BlameGroup]:
        """What git finds out about ranges of lines before the time is up."""
        wanted = ranges if len(ranges) <= _MOST_RANGES else [(ranges[0][0], ranges[-1][1])]
        with (
            # The repository's own configuration may name files that are not there, other algorithms, other names.
            objects_alone(self._folder, self._objects.format_name) as alone,
            _file_of(ignored) as option,
            contextlib.suppress(LimitExceededError, BusyError),
        ):
            output = stream_git(
                self._options,
                alone,
                "blame",
                "--incremental",
                "--no-textconv",
                *question.switches,
                *option,
                *(f"-L{first},{last}" for first, last in wanted),
                question.file.commit_id,
                "--",
                question.file.path,
                limits=GitLimits(seconds=question.deadline.left(), total_memory=TREE_MEMORY, weight=Weight.HEAVY),
            )
            groups = parse_entries(output, question.commits)
            yield from groups if wanted is ranges else _only(groups, ranges)


@dataclass(frozen=True, slots=True)
class _Question:
    """A file, until when the answer must be there, and the commits met so far."""

    file: FileVersion
    options: BlameOptions
    deadline: Deadline
    commits: dict[str, BlameCommit] = field(default_factory=dict)

    @property
    def switches(self) -> list[str]:
        """What git is told; ``-C`` is ``-M`` too."""
        return ["-w"] * self.options.skip_spaces + ["-C"] * self.options.follow_moves


def parse_entries(chunks: Iterable[bytes], commits: dict[str, BlameCommit]) -> Iterator[BlameGroup]:
    """The entries of ``git blame --incremental``; what they say of new commits is added to ``commits``."""
    head: list[bytes] = []
    facts: dict[bytes, bytes] = {}
    for line in lines(chunks):
        if not head:
            head = line.split(b" ")
            continue
        key, _blank, value = line.partition(b" ")
        facts[key] = value
        if key == b"filename":
            commit_id = head[0].decode("ascii")
            if commit_id not in commits:
                commits[commit_id] = _parse_commit(commit_id, facts)
            there, here, count = map(int, head[1:])
            yield BlameGroup(here, count, commit_id, unquote(value), there, _parse_version(facts.get(b"previous")))
            head, facts = [], {}


def _parse_commit(commit_id: str, facts: Mapping[bytes, bytes]) -> BlameCommit:
    name, mail, seconds, zone = (facts.get(key, b"") for key in _AUTHOR)
    author = parse_git_signature(b"%s %s %s %s" % (name, mail, seconds, zone))
    # Of a commit without a message, git gives the id.
    subject = facts.get(b"summary", b"").strip()
    return BlameCommit(commit_id, author, b"" if subject == b"(%s)" % commit_id.encode() else subject)


def _parse_version(text: bytes | None) -> FileVersion | None:
    if text is None:
        return None
    commit_id, _blank, path = text.partition(b" ")
    return FileVersion(commit_id.decode("ascii"), unquote(path))


def _only(groups: Iterable[BlameGroup], ranges: list[LineRange]) -> Iterator[BlameGroup]:
    """The parts of groups that lie in the ranges."""
    wanted = {number for first, last in ranges for number in range(first, last + 1)}
    for group in groups:
        for shift in range(group.count):
            if group.first + shift in wanted:
                yield BlameGroup(group.first + shift, 1, group.commit_id, group.path, group.line + shift, group.before)


@contextlib.contextmanager
def _file_of(commit_ids: Sequence[str]) -> Iterator[list[str]]:
    """The option that names a temporary file with commits to ignore; those that do not exist do no harm in it."""
    if not commit_ids:
        yield []
        return
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".ignored") as file:
        file.writelines(f"{commit_id}\n" for commit_id in commit_ids)
        file.flush()
        yield [f"--ignore-revs-file={file.name}"]
