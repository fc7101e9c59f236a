"""Large files of Mercurial repositories, read by another process.

Mercurial builds a file in memory, several times over for a while. A process that serves pages has that done by a child,
whose memory goes with it, and takes the content piece by piece: ``python -m kallithea.vcs.hg.large_files REPOSITORY
NODE PATH`` writes the size in bytes as a 64-bit number, then the content.
"""

import contextlib
import io
import os
import pathlib
import select
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from kallithea.core.words import _
from kallithea.vcs.hg.handle import HgHandle, naming
from kallithea.vcs.types import CorruptObjectError, LimitExceededError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: A file of more bytes does not come into the memory of a process that serves pages.
LARGE = 16 << 20

_CHUNK = 1 << 16
_SIZE = struct.Struct(">Q")
_READ_SECONDS = 120.0


@contextlib.contextmanager
def open_large_file(repository: pathlib.Path, path: bytes, node: bytes) -> Iterator[tuple[int, BinaryIO]]:
    """Size and content of one version of a file, forwards only.

    The child takes several times the size of the file: who asks for it has a heavy slot. Raises CorruptObjectError,
    LimitExceededError.
    """
    with _child(repository, path, node) as output:
        content = _Content(output, node.hex())
        with io.BufferedReader(content, _CHUNK) as stream:
            yield content.size, stream


class _Content(io.RawIOBase):
    """The content that a child writes, after its size."""

    def __init__(self, output: IO[bytes], object_id: str) -> None:
        self._output = output
        self._object_id = object_id
        header = b""
        while len(header) < _SIZE.size:
            header += self._read(_SIZE.size - len(header))
        (self.size,) = _SIZE.unpack(header)
        self._left = self.size

    def readable(self) -> bool:
        return True

    def readinto(self, target: "WriteableBuffer") -> int:
        with memoryview(target).cast("B") as view:
            wanted = min(len(view), self._left)
            data = self._read(wanted) if wanted else b""
            view[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def _read(self, size: int) -> bytes:
        """At least one byte."""
        poll = select.poll()
        poll.register(self._output, select.POLLIN)
        if not poll.poll(_READ_SECONDS * 1000):
            raise LimitExceededError(
                _(
                    "Reading object %(name)s took longer than %(seconds)s seconds.",
                    name=self._object_id,
                    seconds=f"{_READ_SECONDS:g}",
                )
            )
        data = os.read(self._output.fileno(), size)
        if not data:
            raise CorruptObjectError(_("Object %(name)s is missing or damaged.", name=self._object_id))
        return data


@contextlib.contextmanager
def _child(repository: pathlib.Path, path: bytes, node: bytes) -> Iterator[IO[bytes]]:
    """The output of a child, which does not outlive the block."""
    command: list[str | bytes] = [
        sys.executable,
        "-P",
        "-m",
        __name__,
        os.fspath(repository.absolute()),
        node.hex(),
        path,
    ]
    with subprocess.Popen(
        command,
        # It finds what this process has found, also where a web server has set the path of modules.
        env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            yield cast(IO[bytes], process.stdout)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


class _Reader(HgHandle):
    def read(self, path: bytes, node: str) -> bytes:
        """A version of a file."""
        with naming(node):
            return bytes(self._repository.file(path).read(bytes.fromhex(node)))


def main(repository: str, node: str, path: str) -> None:
    """What the child does. It ends early, and says nothing, where the file cannot be read."""
    data = memoryview(_Reader(pathlib.Path(repository)).read(os.fsencode(path), node))
    with open(1, "wb", buffering=0) as output:
        output.write(_SIZE.pack(len(data)))
        while data:
            data = data[output.write(data[:_CHUNK]) or 0 :]


if __name__ == "__main__":
    main(*sys.argv[1:])
