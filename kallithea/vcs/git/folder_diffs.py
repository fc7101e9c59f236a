"""Which entries of a folder differ between commits and their parents, by one ``git diff-tree --stdin`` process.

Each line that the process reads is ``COMMIT``, to be compared with its first parent, or ``COMMIT PARENT``. For each it
writes ``COMMIT PARENTS``, then pairs of a status letter and a path, all ended by NUL bytes, with a newline before the
first letter. A line that is no object id is echoed, and makes it flush. A parent that was given takes the place of all
the commit's parents, for as long as the process lives.

At the root, trees can be compared by their ids alone. To get at the entries of a folder git has to descend, and then
descends into all that has changed.
"""

import pathlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kallithea.core.words import _
from kallithea.vcs.git.process import GitLimits, GitProcess
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import CorruptObjectError

#: Lines of one question; two full ids each stay under a pipe's capacity of 64 KiB.
ROUND = 256

# No path begins so, and it is no object id.
_MARK = b"/"
_OPTIONS = (
    "--stdin",
    "--always",
    "--diff-merges=first-parent",
    "--name-status",
    "--no-renames",
    "--no-ext-diff",
    "--ignore-submodules=none",
    "--format=%H %P",
    "-z",
)


@dataclass(frozen=True, slots=True)
class FolderDiff:
    """The names that differ between a commit and a parent, and the parents that the commit has."""

    commit_id: str
    parent_ids: tuple[str, ...]
    names: frozenset[bytes]


class FolderDiffs:
    """Compares one folder, ``b""`` for the root, as far as ``names`` are concerned. Close it.

    Unless ``deep``, folders in the root differ where the ids of their trees do. Git's history looks at the contents:
    odd modes and empty trees, which no git writes today, make other trees of the same contents.

    ``merges`` has to hold the parents of each commit that is compared with a parent that is named.
    """

    def __init__(
        self,
        options: VcsOptions,
        path: pathlib.Path,
        folder: bytes,
        names: Collection[bytes],
        limits: GitLimits,
        merges: Mapping[str, tuple[str, ...]],
        *,
        deep: bool = False,
    ) -> None:
        self._merges = merges
        self._prefix = folder + b"/" if folder else b""
        self._names = names
        command: list[str | bytes] = ["diff-tree", *_OPTIONS]
        command += ["-r"] if deep or folder else []
        command += ["--", folder] if folder else ["--"]
        self._process = GitProcess(options, path, *command, limits=limits, with_input=True)

    def close(self) -> None:
        """End the process."""
        self._process.kill()

    def compare(self, questions: Sequence[tuple[str, ...]]) -> Iterator[FolderDiff]:
        """For each commit (with its first parent), or pair of a commit and a parent, what differs.

        Take all answers before asking again. Raises CorruptObjectError, LimitExceededError.
        """
        for start in range(0, len(questions), ROUND):
            some = questions[start : start + ROUND]
            lines = [" ".join(self._to_ask(question)).encode("ascii") for question in some]
            self._process.write(b"\n".join([*lines, _MARK, b""]))
            found = list(map(self._with_parents, self._answers()))
            if [diff.commit_id for diff in found] != [question[0] for question in some]:
                raise CorruptObjectError(_("A commit of the history is missing or damaged."))
            yield from found

    def _to_ask(self, question: tuple[str, ...]) -> tuple[str, ...]:
        """The process may have forgotten which parent of a merge is the first."""
        parents = self._merges.get(question[0]) if len(question) == 1 else None
        return (question[0], parents[0]) if parents is not None else question

    def _with_parents(self, diff: FolderDiff) -> FolderDiff:
        parents = self._merges.get(diff.commit_id)
        return replace(diff, parent_ids=parents) if parents is not None else diff

    def _answers(self) -> Iterator[FolderDiff]:
        commit_id = ""
        parent_ids: tuple[str, ...] = ()
        names: set[bytes] = set()
        tokens = self._tokens()
        for token in tokens:
            word = token.lstrip(b"\n")
            if len(word) > 1:
                if commit_id:
                    yield FolderDiff(commit_id, parent_ids, frozenset(names))
                commit_id, *rest = word.decode("ascii", "replace").split()
                parent_ids, names = tuple(rest), set()
            else:
                path = next(tokens, b"")
                name = path[len(self._prefix) :].partition(b"/")[0]
                if name in self._names and path.startswith(self._prefix):
                    names.add(name)
        if commit_id:
            yield FolderDiff(commit_id, parent_ids, frozenset(names))

    def _tokens(self) -> Iterator[bytes]:
        """What the process writes, up to the mark."""
        held = b""
        while held != _MARK + b"\n":
            data = self._process.read()
            if not data:
                self._process.finish(accept=())
            tokens = (held + data).split(b"\0")
            held = tokens.pop()
            yield from tokens
