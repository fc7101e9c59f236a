"""Histories as Git repositories, by way of ``git fast-import``."""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.benchmarks.generated.history import MadeCommit
from scripts.benchmarks.truth.commands import ENVIRONMENT, CommandError, output_of

# Making the repository should not take longer than measuring it.
_FAST_IMPORT = ("-c", "core.compression=1", "fast-import", "--quiet", "--date-format=raw")


def write_git(path: Path, commits: Iterable[MadeCommit], branches: int = 0) -> None:
    """Make a bare repository at the path. So many further branches point at the commits in turn.

    Raises CommandError if git fails.
    """
    output_of(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)])
    command = ["git", f"--git-dir={path}", *_FAST_IMPORT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stdin is not None
        for commit in commits:
            process.stdin.writelines(_lines(commit))
    if process.returncode:
        raise CommandError(f"git fast-import ended with {process.returncode}")
    if branches:
        _write_branches(path, branches)


def _write_branches(path: Path, count: int) -> None:
    """Write them as git packs them, which git itself does one by one."""
    commit_ids = output_of(["git", f"--git-dir={path}", "rev-list", "main"]).decode().split()
    lines = [f"{commit_ids[number % len(commit_ids)]} refs/heads/topic-{number:05}\n" for number in range(count)]
    (path / "packed-refs").write_text("# pack-refs with: peeled fully-peeled sorted \n" + "".join(lines))


def _lines(commit: MadeCommit) -> Iterator[bytes]:
    """A commit in the format of git-fast-import(1)."""
    date = b"%d +0100" % commit.date
    yield b"commit refs/heads/main\nmark :%d\n" % (commit.number + 1)
    yield b"author %s %s\ncommitter %s %s\n" % (commit.author, date, commit.author, date)
    yield b"data %d\n%s\n" % (len(commit.message), commit.message)
    for position, parent in enumerate(commit.parents):
        yield b"%s :%d\n" % (b"merge" if position else b"from", parent + 1)
    for path, data in commit.files.items():
        if data is None:
            yield b"D %s\n" % path
        else:
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(data), data)
