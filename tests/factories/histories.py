"""Random histories, the same one for the same seed: what nobody thinks of when building a repository by hand.

They have branches, merges (in Git also of three commits), several roots, dates that are equal or run backwards, files
that are edited, renamed, copied, deleted, brought back, and turned into folders and folders into files.
"""

import datetime
import pathlib
import random
from dataclasses import dataclass, field

from kallithea.vcs.drafts import CommitDraft, HistoryDraft
from kallithea.vcs.opener import VcsOptions, create_repository, open_repository, write_history
from kallithea.vcs.types import Kind
from tests.factories.repositories import FIRST_DATE

_PEOPLE = ("Ada Lovelace <ada@example.org>", "Bob <bob@example.org>", "Zoë Ünlü <zoe@example.org>", "ci <>")
_NAMES = ("a", "b", "c.txt", "d.txt", "é", "with space")
_BRANCHES = ("default", "default", "stable", "feature/x")
_ZONES = tuple(datetime.timezone(datetime.timedelta(minutes=minutes)) for minutes in (0, 120, -570))
_STEPS = (60, 60, 60, 3600, 0, 0, -7200)
_DEPTH = 3

Files = dict[str, bytes]


@dataclass(frozen=True)
class History:
    """A repository, and the ids of the commits that no other commit has as a parent, the newest last."""

    kind: Kind
    path: pathlib.Path
    heads: tuple[str, ...]


def random_history(kind: Kind, path: pathlib.Path, seed: int, commits: int, *, linear: bool = False) -> History:
    """Make a repository with so many commits in the folder ``path``, which must not exist.

    In a linear one, each commit is on top of the one before.
    """
    draft = draft_history(kind, seed, commits, linear=linear)
    create_repository(kind, path, VcsOptions())
    write_history(kind, path, draft, VcsOptions())
    with open_repository(kind, path, VcsOptions()) as repository:
        refs = repository.refs()
    at = {ref.name: ref.commit_id for ref in (*refs.branches, *refs.bookmarks)}
    names = draft.git_branches if kind is Kind.GIT else draft.bookmarks
    return History(kind, path, tuple(at[name.encode()] for name in names))


def draft_history(kind: Kind, seed: int, commits: int, *, linear: bool = False) -> HistoryDraft:
    """The commits, and a branch (Git) or bookmark (Mercurial) named ``headN`` for each head, the newest last."""
    grown = _Growth(kind, random.Random(seed), linear)
    for number in range(commits):
        grown.add(f"c{number}")
    names = {f"head{number}": label for number, label in enumerate(grown.heads)}
    date = datetime.datetime.fromtimestamp(FIRST_DATE, datetime.UTC)
    branches, bookmarks = (names, {}) if kind is Kind.GIT else ({}, names)
    return HistoryDraft(tuple(grown.commits), _PEOPLE[0], date, branches, bookmarks)


@dataclass
class _Growth:
    """A history that grows commit by commit. ``trees`` are the whole files of each commit."""

    kind: Kind
    random: random.Random
    linear: bool
    commits: list[CommitDraft] = field(default_factory=list)
    trees: dict[str, Files] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    seconds: int = FIRST_DATE

    def add(self, label: str) -> None:
        parents = self._parents()
        files, copies = self._merged(parents) if len(parents) > 1 else self._edited(parents)
        first = self.trees[parents[0]] if parents else {}
        # deletions go first: what was a file may be a folder now
        changes: dict[str, bytes | None] = {path: None for path in first if path not in files}
        changes.update({path: data for path, data in files.items() if first.get(path) != data})
        self.seconds += self.random.choice(_STEPS)
        self.commits.append(
            CommitDraft(
                label=label,
                author=self.random.choice(_PEOPLE),
                date=datetime.datetime.fromtimestamp(self.seconds, self.random.choice(_ZONES)),
                message=f"{label}: {'merge' if len(parents) > 1 else 'change'}\n",
                files=changes,
                parents=parents,
                branch=self.random.choice(_BRANCHES),
                copies={new: old for new, old in copies.items() if new in changes and new in files and old in first},
                closes_branch=self.random.random() < 0.02,
            )
        )
        self.trees[label] = files
        self.heads = [head for head in self.heads if head not in parents] + [label]

    def _parents(self) -> tuple[str, ...]:
        """Mostly one head, or several to merge; sometimes an older commit, where a branch begins, or none."""
        chance = self.random.random()
        if self.linear or not self.commits:
            return tuple(self.heads)
        if chance < 0.02:
            return ()
        if chance < 0.2 and len(self.heads) > 1:
            most = 3 if self.kind is Kind.GIT else 2
            return tuple(self.random.sample(self.heads, min(self.random.randint(2, most), len(self.heads))))
        if chance < 0.3:
            return (self.random.choice(self.commits[-10:]).label,)
        if chance < 0.34 and len(self.commits) > 1:
            # two that may have merged each other's past already, crosswise
            first, second = self.random.sample(self.commits[-8:], min(2, len(self.commits)))
            return (first.label, second.label)
        return (self.random.choice(self.heads),)

    def _merged(self, parents: tuple[str, ...]) -> tuple[Files, dict[str, str]]:
        """All of one side, or each file from any side, and sometimes a file that no side has."""
        sides = [self.trees[parent] for parent in parents]
        if self.random.random() < 0.3:
            return dict(self.random.choice(sides)), {}
        paths = sorted({path for side in sides for path in side})
        files: Files = {}
        for path in paths:
            data = self.random.choice(sides).get(path)
            if data is not None and _fits(files, path):
                files[path] = data
        if self.random.random() < 0.3:
            self._write(files, {})
        return files, {}

    def _edited(self, parents: tuple[str, ...]) -> tuple[Files, dict[str, str]]:
        files = dict(self.trees[parents[0]]) if parents else {}
        copies: dict[str, str] = {}
        change = (self._edit, self._edit, self._write, self._move, self._copy, self._delete, self._swap, self._restore)
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 4))):
            self.random.choice(change)(files, copies)
        return files, copies

    def _edit(self, files: Files, copies: dict[str, str]) -> None:
        if not files:
            self._write(files, copies)
            return
        path = self._some(files)
        lines = files[path].splitlines(keepends=True)
        place = self.random.randint(0, len(lines))
        lines[place : place + self.random.randint(0, 2)] = self._lines(self.random.randint(0, 2))
        files[path] = b"".join(lines)

    def _write(self, files: Files, copies: dict[str, str]) -> None:
        if path := self._new_path(files):
            files[path] = b"".join(self._lines(self.random.randint(0, 12)))

    def _move(self, files: Files, copies: dict[str, str]) -> None:
        if files and (new := self._new_path(files)):
            old = self._some(files)
            files[new] = files.pop(old)
            copies[new] = old
            if self.random.random() < 0.5:
                files[new] += b"".join(self._lines(1))

    def _copy(self, files: Files, copies: dict[str, str]) -> None:
        if files and (new := self._new_path(files)):
            old = self._some(files)
            files[new] = files[old]
            copies[new] = old

    def _delete(self, files: Files, copies: dict[str, str]) -> None:
        if files:
            del files[self._some(files)]

    def _swap(self, files: Files, copies: dict[str, str]) -> None:
        """A file becomes a folder, or a folder a file."""
        if not files:
            return
        path = self._some(files)
        folder = path.rpartition("/")[0]
        if folder and self.random.random() < 0.5:
            for below in [other for other in files if other.startswith(folder + "/")]:
                del files[below]
            files[folder] = b"".join(self._lines(3))
        elif path.count("/") < _DEPTH:
            files[path + "/" + self.random.choice(_NAMES)] = files.pop(path)

    def _restore(self, files: Files, copies: dict[str, str]) -> None:
        """A file is as it was in some earlier commit."""
        earlier = self.trees[self.random.choice(self.commits).label] if self.commits else {}
        if earlier:
            path = self._some(earlier)
            if path in files or _fits(files, path):
                files[path] = earlier[path]

    def _some(self, files: Files) -> str:
        return self.random.choice(sorted(files))

    def _new_path(self, files: Files) -> str | None:
        """Where a file can be made; None where something is in the way."""
        path = "/".join(self.random.choice(_NAMES) for _ in range(self.random.randint(1, _DEPTH)))
        return path if _fits(files, path) else None

    def _lines(self, number: int) -> list[bytes]:
        words = (b"one", b"two", b"if", b"end")
        return [b"%s %d\n" % (self.random.choice(words), self.random.randint(0, 9)) for _ in range(number)]


def _fits(files: Files, path: str) -> bool:
    """Whether nothing lies at the path, above it where folders have to be, or below it."""
    parts = path.split("/")
    above = {"/".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return not any(other in above or other.startswith(path + "/") for other in files)
