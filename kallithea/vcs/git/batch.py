"""Many or large Git objects through one long-lived ``git cat-file`` process per open repository.

The protocol is that of ``git cat-file --batch-command --buffer``: lines ``info ID`` and ``contents ID``, answered after
``flush`` with ``ID TYPE SIZE`` or ``ID missing``, for contents followed by the bytes and a newline.
"""

import contextlib
import io
import itertools
import pathlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from kallithea.core.words import _
from kallithea.vcs.git.child import CHUNK
from kallithea.vcs.git.process import OBJECT_TOO_LARGE, GitLimits, GitProcess
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import CorruptObjectError, TooLargeError, VcsError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Requests of one round stay well under a pipe's capacity of 64 KiB, so that writing them never waits for answers.
_ROUND = 256
#: Bytes of an object that is held whole: trees of half a million entries have fewer. A small pack can hold a commit, a
#: tag or a tree of any size.
LARGEST = 32 << 20
_LIMITS = GitLimits(output=1 << 62)
_WORDS_OF_HEADER = 3


@dataclass(frozen=True, slots=True)
class ObjectHeader:
    """Type (``commit``, ``tree``, ``blob``, ``tag``) and size in bytes."""

    kind: str
    size: int


class ObjectBatch:
    """Asks for objects by full id. The process starts with the first question and ends with ``close``."""

    def __init__(self, options: VcsOptions, repository_path: pathlib.Path) -> None:
        self._options = options
        self._path = repository_path
        self._process: GitProcess | None = None
        self._buffer = bytearray()

    def headers(self, object_ids: Iterable[str]) -> Iterator[ObjectHeader | None]:
        """For each id its header, None where there is no such object."""
        for some_ids in _rounds(object_ids):
            yield from map(_parse_header, self._info(some_ids))

    def ids(self, names: Iterable[str]) -> Iterator[str | None]:
        """For each name, such as the begin of an id, the id that it means; None where it means none or several."""
        for some_names in _rounds(names):
            for line in self._info(some_names):
                words = line.split(b" ")
                yield words[0].decode("ascii") if len(words) == _WORDS_OF_HEADER else None

    def contents(self, object_ids: Iterable[str]) -> Iterator[tuple[str, bytes] | None]:
        """For each id its type and content, None where there is no such object. Raises TooLargeError."""
        for some_ids in _rounds(object_ids):
            self._ask("contents", some_ids)
            for _asked in some_ids:
                header = self._header()
                if header is not None and header.size > LARGEST:
                    # the process has its content to say
                    self.close()
                    raise too_large()
                yield (header.kind, self._exactly(header.size + 1)[:-1]) if header else None

    @contextlib.contextmanager
    def open(self, object_id: str) -> Iterator[tuple[int, BinaryIO]]:
        """Size of an object and a stream of its content. Raises CorruptObjectError."""
        # The process answers in order, so a stream needs it for itself; other questions meanwhile start another one.
        own = ObjectBatch(self._options, self._path)
        own._process = self.release()
        try:
            own._ask("contents", [object_id])
            header = own._header()
            if header is None:
                raise damaged(object_id)
            content = _Content(own, header.size)
            with io.BufferedReader(content, CHUNK) as stream:
                yield header.size, stream
            if content.remaining <= CHUNK:
                own._exactly(content.remaining + 1)
                self._process = self._process or own.release()
        finally:
            own.close()

    def read_some(self, size: int) -> bytes:
        """At most ``size`` and at least one byte of what the process answers."""
        if not self._buffer:
            self._fill()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def release(self) -> GitProcess | None:
        """Give the idle process away to another batch of the same repository."""
        process, self._process = self._process, None
        return process

    def close(self) -> None:
        """End the process; another question would start a new one."""
        self._buffer.clear()
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _ask(self, question: str, object_ids: Iterable[str]) -> None:
        if self._process is None:
            self._process = GitProcess(
                self._options,
                self._path,
                "cat-file",
                "--batch-command",
                "--buffer",
                limits=_LIMITS,
                with_input=True,
            )
        self._process.restart_clock()
        lines = "".join(f"{question} {object_id}\n" for object_id in object_ids)
        with self._ending_with_a_failure():
            self._process.write(lines.encode("ascii") + b"flush\n")

    def _info(self, names: list[str]) -> list[bytearray]:
        """The line that answers for each name."""
        self._ask("info", names)
        while self._buffer.count(b"\n") < len(names):
            self._fill()
        lines, self._buffer = self._buffer.split(b"\n"), bytearray()
        return lines[:-1]

    def _header(self) -> ObjectHeader | None:
        while (end := self._buffer.find(b"\n")) < 0:
            self._fill()
        line = self._buffer[:end]
        del self._buffer[: end + 1]
        return _parse_header(line)

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _fill(self) -> None:
        """Read on. The process ends early only when an object is damaged; it then says which."""
        if self._process is None:
            raise EOFError("nothing was asked")
        with self._ending_with_a_failure():
            data = self._process.read()
            if not data:
                self._process.finish(accept=())
        self._buffer += data

    @contextlib.contextmanager
    def _ending_with_a_failure(self) -> Iterator[None]:
        """A process that has failed answers nothing more; the next question gets another one."""
        try:
            yield
        except VcsError:
            self.close()
            raise


class _Content(io.RawIOBase):
    """The bytes of one object inside the answers of a batch."""

    def __init__(self, batch: ObjectBatch, size: int) -> None:
        self._batch = batch
        self.remaining = size

    def readable(self) -> bool:
        return True

    def readinto(self, target: "WriteableBuffer") -> int:
        with memoryview(target).cast("B") as view:
            size = min(len(view), self.remaining)
            data = self._batch.read_some(size) if size else b""
            view[: len(data)] = data
        self.remaining -= len(data)
        return len(data)


def damaged(object_id: str) -> CorruptObjectError:
    """The error for an object that other objects name but that cannot be read."""
    return CorruptObjectError(_("Object %(name)s is missing or damaged.", name=object_id))


def too_large() -> TooLargeError:
    """The error for an object of more than ``LARGEST`` bytes that would have to be held whole."""
    return TooLargeError(OBJECT_TOO_LARGE)


def _parse_header(line: bytearray) -> ObjectHeader | None:
    words = line.split(b" ")
    return ObjectHeader(words[1].decode("ascii"), int(words[2])) if len(words) == _WORDS_OF_HEADER else None


def _rounds(object_ids: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(object_ids)
    while some_ids := list(itertools.islice(remaining, _ROUND)):
        yield some_ids
