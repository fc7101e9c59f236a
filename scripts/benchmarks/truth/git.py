"""What a Git repository contains."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts.benchmarks.pages import targets
from scripts.benchmarks.pages.targets import LoggedCommit, Target
from scripts.benchmarks.truth.commands import output_of
from scripts.benchmarks.truth.patch import Hunk, parse_hunks

_BLAMED = re.compile(rb"^([0-9a-f]{40,64}) \d+ \d+", re.MULTILINE)


class GitTruth:
    """See ``truth.Truth``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def head(self) -> str:
        """See ``truth.Truth``."""
        return self._run("rev-parse", "HEAD").decode().strip()

    def commit_ids(self) -> Sequence[str]:
        """See ``truth.Truth``."""
        return self._run("rev-list", self.head).decode().split()

    def log(self, commit_id: str, offset: int, limit: int, path: bytes = b"") -> tuple[LoggedCommit, ...]:
        """See ``truth.Truth``."""
        words = _log(commit_id, offset, limit, path)
        lines = self._run(words[0], "--format=%H %s", *words[1:]).decode(errors="replace").split("\n")[:-1]
        return tuple(LoggedCommit(*line.split(" ", 1)) for line in lines)

    def paths(self, commit_id: str) -> Mapping[bytes, int]:
        """See ``truth.Truth``."""
        found = {}
        for line in self._run("ls-tree", "-r", "-l", "-z", commit_id).split(b"\0")[:-1]:
            facts, _, path = line.partition(b"\t")
            _, kind, _, size = facts.split()
            if kind == b"blob":
                found[path] = int(size)
        return found

    def data(self, commit_id: str, path: bytes) -> bytes:
        """See ``truth.Truth``."""
        return self._run("cat-file", "blob", commit_id.encode() + b":" + path)

    def names(self, commit_id: str, path: bytes) -> frozenset[bytes]:
        """See ``truth.Truth``."""
        # a path with a slash at its end means what lies in it
        inside: list[str | bytes] = ["--", path + b"/"] if path else []
        rows = self._run("ls-tree", "-z", commit_id, *inside).split(b"\0")[:-1]
        entries = (row.partition(b"\t") for row in rows)
        return frozenset(name.rpartition(b"/")[2] for facts, _, name in entries if b" commit " not in facts)

    def changed_files(self) -> Mapping[str, Sequence[bytes]]:
        """See ``truth.Truth``."""
        ids = self._run("rev-list", "--no-merges", self.head)
        options = ("--stdin", "-r", "--root", "--name-only", "--no-renames")
        found: dict[str, list[bytes]] = defaultdict(list)
        known, current = set(ids.split()), ""
        for line in self._run("diff-tree", *options, data=ids).splitlines():
            if line in known:
                current = line.decode()
            else:
                found[current].append(line)
        return found

    def changed_paths(self, commit_id: str) -> tuple[bytes, ...]:
        """See ``truth.Truth``."""
        words = _change(commit_id)
        return tuple(self._run(words[0], "--name-only", "-z", *words[2:]).split(b"\0")[:-1])

    def hunks(self, commit_id: str) -> Sequence[Hunk]:
        """See ``truth.Truth``."""
        return list(parse_hunks(self._run(*_change(commit_id))))

    def blamed(self, commit_id: str, path: bytes) -> frozenset[str]:
        """See ``truth.Truth``."""
        return frozenset(found.decode() for found in _BLAMED.findall(self._run(*_blame(commit_id, path))))

    def archive(self, commit_id: str) -> bytes:
        """See ``truth.Truth``."""
        return self._run(*_archive(commit_id))

    def command(self, target: Target) -> list[str | bytes]:
        """See ``truth.Truth``."""
        return ["git", f"--git-dir={self._path}", *_WORDS[type(target)](target)]

    def find_last_change(self, commit_id: str, path: bytes) -> str:
        """See ``truth.Truth``."""
        return output_of(self.last_change(commit_id, path)).decode().strip()

    def last_change(self, commit_id: str, path: bytes) -> list[str | bytes]:
        """See ``truth.Truth``."""
        words = _log(commit_id, 0, 1, path)
        return ["git", f"--git-dir={self._path}", words[0], "--format=%H", *words[1:]]

    def all_last_changes(self, commit_id: str) -> list[str | bytes]:
        """See ``truth.Truth``. Git has it since its version 2.52."""
        return ["git", f"--git-dir={self._path}", "last-modified", commit_id]

    def close(self) -> None:
        """See ``truth.Truth``."""

    def _run(self, *words: str | bytes, data: bytes = b"") -> bytes:
        return output_of(["git", f"--git-dir={self._path}", *words], data)


def _log(commit_id: str, offset: int, limit: int, path: bytes = b"") -> tuple[str | bytes, ...]:
    return ("log", f"--skip={offset}", f"--max-count={limit}", commit_id, "--", *([path] if path else []))


def _blame(commit_id: str, path: bytes) -> tuple[str | bytes, ...]:
    return ("blame", "--porcelain", commit_id, "--", path)


def _change(commit_id: str) -> tuple[str, ...]:
    return ("diff-tree", "--patch", "--root", "-r", "-M", "--no-commit-id", commit_id)


def _archive(commit_id: str) -> tuple[str, ...]:
    return ("archive", "--format=tar.gz", "--prefix=repository/", commit_id)


_WORDS: Mapping[type[Target], Callable[[Any], Sequence[str | bytes]]] = {
    targets.Summary: lambda target: _log(target.commit_id, 0, len(target.commits)),
    targets.Log: lambda target: _log(target.commit_id, target.offset, len(target.commits)),
    targets.PathLog: lambda target: _log(target.commit_id, 0, len(target.commits), target.path),
    targets.Folder: lambda target: ("ls-tree", target.commit_id.encode() + b":" + target.path),
    targets.File: lambda target: ("cat-file", "blob", target.commit_id.encode() + b":" + target.path),
    targets.Raw: lambda target: ("cat-file", "blob", target.commit_id.encode() + b":" + target.path),
    targets.Blame: lambda target: _blame(target.commit_id, target.path),
    targets.Change: lambda target: _change(target.commit_id),
    targets.Archive: lambda target: _archive(target.commit_id),
}
