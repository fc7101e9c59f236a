"""What a Mercurial repository contains."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts.benchmarks.pages import targets
from scripts.benchmarks.pages.targets import LoggedCommit, Target
from scripts.benchmarks.truth.command_server import CommandServer
from scripts.benchmarks.truth.commands import hg_program, output_of
from scripts.benchmarks.truth.patch import Hunk, parse_hunks


class HgTruth:
    """See ``truth.Truth``. The head is the tip."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._server = CommandServer(path)

    @cached_property
    def head(self) -> str:
        """See ``truth.Truth``."""
        return self._run("log", "-r", "tip", "-T", "{node}").decode()

    def commit_ids(self) -> Sequence[str]:
        """See ``truth.Truth``."""
        return self._run("log", "-r", f"reverse(::{self.head})", "-T", "{node}\n").decode().split()

    def log(self, commit_id: str, offset: int, limit: int, path: bytes = b"") -> tuple[LoggedCommit, ...]:
        """See ``truth.Truth``."""
        output = self._run(*_log(commit_id, offset, limit, path), "-T", "{node} {desc|firstline}\n")
        return tuple(LoggedCommit(*line.split(" ", 1)) for line in output.decode(errors="replace").split("\n")[:-1])

    def paths(self, commit_id: str) -> Mapping[bytes, int]:
        """See ``truth.Truth``."""
        lines = self._run("files", "-r", commit_id, "-T", "{size} {path}\\0").split(b"\0")[:-1]
        return {path: int(size) for size, _, path in (line.partition(b" ") for line in lines)}

    def data(self, commit_id: str, path: bytes) -> bytes:
        """See ``truth.Truth``."""
        return self._run("cat", "-r", commit_id, b"path:" + path)

    def names(self, commit_id: str, path: bytes) -> frozenset[bytes]:
        """See ``truth.Truth``."""
        start = path + b"/" if path else b""
        words = ("files", "-r", commit_id, "-T", "{path}\\0", b"path:" + (path or b"."))
        below = self._server.run(words, or_nothing=True).split(b"\0")[:-1]
        return frozenset(found.removeprefix(start).partition(b"/")[0] for found in below)

    def changed_files(self) -> Mapping[str, Sequence[bytes]]:
        """See ``truth.Truth``."""
        chosen = f"reverse(::{self.head} and not merge())"
        output = self._run("log", "-r", chosen, "-T", "{node}{files % '\\0{file}'}\n\n")
        rows = (row.split(b"\0") for row in output.split(b"\n\n")[:-1])
        return {row[0].decode(): row[1:] for row in rows}

    def changed_paths(self, commit_id: str) -> tuple[bytes, ...]:
        """See ``truth.Truth``."""
        return tuple(self._run("log", "-r", commit_id, "-T", "{files % '{file}\\0'}").split(b"\0")[:-1])

    def hunks(self, commit_id: str) -> Sequence[Hunk]:
        """See ``truth.Truth``."""
        return list(parse_hunks(self._run("diff", "--git", "-c", commit_id)))

    def blamed(self, commit_id: str, path: bytes) -> frozenset[str]:
        """See ``truth.Truth``."""
        output = self._run("annotate", "-r", commit_id, "-T", "{lines % '{node}\n'}", b"path:" + path)
        return frozenset(output.decode().split())

    def archive(self, commit_id: str) -> bytes:
        """See ``truth.Truth``."""
        return output_of([hg_program(), "-R", str(self._path), *_archive(commit_id)])

    def command(self, target: Target) -> list[str | bytes]:
        """See ``truth.Truth``."""
        return [hg_program(), "-R", str(self._path), *_WORDS[type(target)](target)]

    def find_last_change(self, commit_id: str, path: bytes) -> str:
        """See ``truth.Truth``."""
        return self._run(*_last_change(commit_id, path)).decode()

    def last_change(self, commit_id: str, path: bytes) -> list[str | bytes]:
        """See ``truth.Truth``."""
        return [hg_program(), "-R", str(self._path), *_last_change(commit_id, path)]

    def all_last_changes(self, commit_id: str) -> list[str | bytes]:
        """See ``truth.Truth``."""
        return []

    def close(self) -> None:
        """See ``truth.Truth``."""
        self._server.close()

    def _run(self, *words: str | bytes) -> bytes:
        return self._server.run(words)


def _log(commit_id: str, offset: int, limit: int, path: bytes = b"") -> tuple[str | bytes, ...]:
    # with a path as a further argument, `hg log` needs a working copy
    chosen = b"reverse(::%s)" % commit_id.encode()
    if path:
        chosen += b' and file("path:%s")' % path.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return ("log", "-r", b"limit(%s, %d, %d)" % (chosen, limit, offset))


def _last_change(commit_id: str, path: bytes) -> tuple[str | bytes, ...]:
    # a path can be followed from a changeset without a working copy, too
    return ("log", "--follow", "--limit", "1", "--rev", commit_id, "-T", "{node}", b"path:" + path)


def _archive(commit_id: str) -> tuple[str, ...]:
    # without the file in which it describes itself
    return ("archive", "--config", "ui.archivemeta=no", "-r", commit_id, "-t", "tgz", "-p", "repository", "-")


_WORDS: Mapping[type[Target], Callable[[Any], Sequence[str | bytes]]] = {
    targets.Summary: lambda target: _log(target.commit_id, 0, len(target.commits)),
    targets.Log: lambda target: _log(target.commit_id, target.offset, len(target.commits)),
    targets.PathLog: lambda target: _log(target.commit_id, 0, len(target.commits), target.path),
    targets.Folder: lambda target: ("files", "-r", target.commit_id, b"path:" + (target.path or b".")),
    targets.File: lambda target: ("cat", "-r", target.commit_id, b"path:" + target.path),
    targets.Raw: lambda target: ("cat", "-r", target.commit_id, b"path:" + target.path),
    targets.Blame: lambda target: ("annotate", "-r", target.commit_id, b"path:" + target.path),
    targets.Change: lambda target: ("diff", "--git", "-c", target.commit_id),
    targets.Archive: lambda target: _archive(target.commit_id),
}
