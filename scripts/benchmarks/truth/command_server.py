"""A process of Mercurial that runs many commands, because starting ``hg`` takes longer than most of them.

The protocol: https://wiki.mercurial-scm.org/CommandServer.
"""

import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.benchmarks.truth.commands import ENVIRONMENT, CommandError, hg_program

_HEADER = struct.Struct(">cI")
#: What `hg files` ends with where there is none.
_NOTHING_FOUND = 1


class CommandServer:
    """Runs commands of Mercurial in one repository."""

    def __init__(self, repository: Path) -> None:
        self._process = subprocess.Popen(
            [hg_program(), "serve", "--cmdserver", "pipe", "-R", str(repository)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
        )
        # what it can do
        self._read_block()

    def run(self, words: Sequence[str | bytes], *, or_nothing: bool = False) -> bytes:
        """What a command prints. Raises CommandError if it fails; with ``or_nothing`` it may find nothing."""
        assert self._process.stdin is not None
        data = b"\0".join(word if isinstance(word, bytes) else word.encode() for word in words)
        self._process.stdin.write(b"runcommand\n" + struct.pack(">I", len(data)) + data)
        self._process.stdin.flush()
        output: dict[bytes, list[bytes]] = {b"o": [], b"e": []}
        while True:
            channel, block = self._read_block()
            if channel == b"r":
                break
            output.setdefault(channel, []).append(block)
        (status,) = struct.unpack(">i", block)
        if status and not (or_nothing and status == _NOTHING_FOUND):
            raise CommandError(f"hg {words!r}: {b''.join(output[b'e']).decode(errors='replace')}")
        return b"".join(output[b"o"])

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _read_block(self) -> tuple[bytes, bytes]:
        assert self._process.stdout is not None
        header = self._process.stdout.read(_HEADER.size)
        if len(header) < _HEADER.size:
            raise CommandError("hg serve ended")
        channel, length = _HEADER.unpack(header)
        # capitals ask for input, and there is none
        return channel, self._process.stdout.read(length) if channel.islower() else b""
