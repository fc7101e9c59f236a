"""What the real commands say of the last change of paths: ``git log`` and ``hg log``, asked as people ask them."""

import os
import pathlib
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import IO

from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.types import Kind


def real_last_changes(kind: Kind, repository: pathlib.Path, asked: Sequence[tuple[str, bytes]]) -> list[str]:
    """For each commit and path what ``git log -1 COMMIT -- PATH``, or ``hg log -f -l 1 -r CHANGESET PATH``, shows."""
    return list((_ask_git if kind is Kind.GIT else _ask_hg)(repository, asked))


def _ask_git(repository: pathlib.Path, asked: Sequence[tuple[str, bytes]]) -> Iterator[str]:
    for commit_id, path in asked:
        command: list[str | bytes] = [
            "git",
            f"--git-dir={repository}",
            "log",
            "-1",
            "--format=%H",
            commit_id,
            "--",
            path,
        ]
        done = subprocess.run(command, capture_output=True, env=git_environment(), check=True)
        yield done.stdout.decode().strip()


def _ask_hg(repository: pathlib.Path, asked: Sequence[tuple[str, bytes]]) -> Iterator[str]:
    """Ask one ``hg serve --cmdserver pipe``, because each start of hg takes long.

    A request is ``runcommand``, the length of the arguments, and the arguments joined by NUL bytes. The answer is
    blocks of a channel's letter, a length and that many bytes: ``o`` is output, ``r`` the end.
    """
    program = pathlib.Path(sys.executable).with_name("hg")
    environment = {"PATH": os.environ["PATH"], "HGPLAIN": "1", "HGRCPATH": "", "HGENCODING": "utf-8"}
    command = [str(program), "--repository", str(repository), "serve", "--cmdserver", "pipe"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as hg:
        assert hg.stdin is not None
        assert hg.stdout is not None
        _block(hg.stdout)
        for commit_id, path in asked:
            arguments = [
                b"log",
                b"-f",
                b"-l",
                b"1",
                b"-r",
                commit_id.encode(),
                b"-T",
                b"{node}",
                b"--",
                b"path:" + path,
            ]
            data = b"\0".join(arguments)
            hg.stdin.write(b"runcommand\n" + struct.pack(">I", len(data)) + data)
            hg.stdin.flush()
            yield _output(hg.stdout)


def _output(stream: IO[bytes]) -> str:
    output = b""
    while True:
        channel, data = _block(stream)
        if channel == b"o":
            output += data
        elif channel == b"r":
            return output.decode()


def _block(stream: IO[bytes]) -> tuple[bytes, bytes]:
    channel, length = struct.unpack(">cI", stream.read(5))
    return channel, stream.read(length)
