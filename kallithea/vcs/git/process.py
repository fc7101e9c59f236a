"""Git commands that are run to their end, or read while they run.

Each has a private environment, a limit of the time spent waiting for it and one of its output. What it says on its
error stream goes to the log as a note of the error, never into the error's message: it can hold folder names of the
server.
"""

import math
import os
import pathlib
import re
import select
import signal
import subprocess
import time
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Self

from kallithea.core.storage import StorageFault, find_told_fault
from kallithea.core.words import Text, _, _n
from kallithea.vcs.git.child import CHUNK, GitChild
from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import (
    BusyError,
    CorruptObjectError,
    LimitExceededError,
    RepositoryMissingError,
    TooLargeError,
    UnwritableError,
    VcsError,
)

_OBJECT_ID = re.compile(rb"\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b")
_DAMAGE = re.compile(
    rb"corrupt|missing|bad (?:object|tree|revision)|unable to (?:read|parse|unpack|load|find|stream)|inflate|not a tree"
    rb"|could ?n[o']t (?:read|parse|get|fetch)|cannot (?:read|unpack)|failed to (?:read|parse|traverse)|hash mismatch",
    re.IGNORECASE,
)
_CONFIGURATION = re.compile(
    rb"bad (?:\w+ )?config (?:value|variable|line)|bad (?:--ignore-submodules|grep\.patterntype) argument"
    rb"|include depth|compression level|repo version|repository extension"
    rb"|invalid mode for object creation|unknown fetch negotiation algorithm"
)
_PACKED_REFS = re.compile(
    rb"(?:unexpected|unterminated) line in \S*packed-refs|packed-refs\S* is (?:corrupt|too short)"
)
# of a ref, of packed-refs: another process holds it, or has died with it
_LOCKED = re.compile(rb"unable to create '[^'\n]*\.lock': file exists", re.IGNORECASE)
_MEANINGS: tuple[tuple[re.Pattern[bytes], type[VcsError], Text], ...] = (
    (_CONFIGURATION, VcsError, _("Git cannot use what the repository's own configuration says.")),
    (_PACKED_REFS, VcsError, _("The file packed-refs of the repository has a line that Git does not understand.")),
    (_LOCKED, BusyError, _("Somebody else is changing the repository; try again later.")),
)
_TOO_LARGE = b"attempting to allocate"
#: Why an object is not read that would have to be held in memory.
OBJECT_TOO_LARGE = _("An object is too large to be read whole.")
_NO_MEMORY = re.compile(rb"out of memory|cannot allocate memory", re.IGNORECASE)

#: Memory, in bytes, of a process whose work is as large as the trees that somebody has pushed: a million changed files.
#: A few objects can make trees of any size.
TREE_MEMORY = 512 << 20
# Of any other: what is not stored piece by piece, such as a delta upon a large file, git holds whole, with what it is
# made from; and it knows each commit that it has come by.
_MEMORY = 1 << 30


@dataclass(frozen=True, slots=True)
class GitLimits:
    """Bounds of one process: seconds of waiting for it, bytes of its output, and the room that it takes.

    ``memory`` bounds each single piece of memory that it asks for, and ``total_memory`` all that is its own, in bytes;
    0 is no bound. ``patience`` is how many seconds it may wait for a slot if its weight needs one; they are part of
    ``seconds`` where ``patience_counts``. A LIGHT one that has been waited for ``light_seconds`` needs a slot as HEAVY
    ones do, or ends.
    """

    seconds: float = 60.0
    output: int = 1 << 30
    memory: int = 1 << 30
    total_memory: int = _MEMORY
    weight: Weight = Weight.LIGHT
    light_seconds: float = math.inf
    patience: float = 5.0
    patience_counts: bool = False


class GitProcess:
    """A running git command. Use it as a context manager: leaving kills whatever still runs."""

    def __init__(
        self,
        options: VcsOptions,
        repository_path: pathlib.Path,
        *arguments: str | bytes,
        limits: GitLimits = GitLimits(),
        extra_config: Mapping[str, str] = {},
        with_input: bool = False,
        buffered: bool = False,
    ) -> None:
        """``buffered``: git need not write each record at once, because nobody looks at them before the end.

        Raises BusyError, RepositoryMissingError, VcsError.
        """
        words = [os.fsdecode(argument) for argument in arguments]
        # before the command there may be options of git itself
        self._name = next((word for word in words if not word.startswith("-")), words[0])
        self._limits = limits
        self._seconds_left = limits.seconds
        self._light_seconds_left = limits.light_seconds
        self._output_left = limits.output
        environment = git_environment(extra_config, options.lent_objects)
        environment["GIT_ALLOC_LIMIT"] = str(limits.memory)
        if buffered:
            environment["GIT_FLUSH"] = "0"
        began = time.monotonic()
        self._child = GitChild(
            options,
            repository_path,
            arguments,
            environment,
            stdin=subprocess.PIPE if with_input else subprocess.DEVNULL,
            weight=limits.weight,
            patience=limits.patience,
            total_memory=limits.total_memory,
        )
        if limits.patience_counts:
            self._seconds_left -= time.monotonic() - began

    def restart_clock(self) -> None:
        """Give the next operation of a long-lived process the whole limits again."""
        self._seconds_left = self._limits.seconds
        self._output_left = self._limits.output

    def read(self, size: int = CHUNK) -> bytes:
        """Next bytes of the output, at most ``size``; empty at its end. Raises LimitExceededError, BusyError."""
        output = self._child.output
        self._wait_for(output, select.POLLIN)
        data = os.read(output.fileno(), size)
        self._output_left -= len(data)
        if self._output_left < 0:
            self.kill()
            raise TooLargeError(
                _n(
                    "git %(command)s answered more than %(count)s byte.",
                    "git %(command)s answered more than %(count)s bytes.",
                    self._limits.output,
                    command=self._name,
                )
            )
        return data

    def write(self, data: bytes) -> None:
        """Send all of ``data``. Keep it under a pipe's capacity if the process answers while it reads."""
        target = self._child.input
        remaining = memoryview(data)
        while remaining:
            self._wait_for(target, select.POLLOUT)
            try:
                remaining = remaining[os.write(target.fileno(), remaining) :]
            except BrokenPipeError:
                self.finish()
                raise VcsError(_("git %(command)s ended early.", command=self._name)) from None

    def end_input(self) -> None:
        """Tell the process that nothing more comes."""
        self._child.end_input()

    def has_answered(self, seconds: float) -> bool:
        """Whether output, or its end, comes within so many seconds. Only for what says little on its error stream.

        Raises LimitExceededError.
        """
        started = time.monotonic()
        poll = select.poll()
        poll.register(self._child.output, select.POLLIN)
        answered = bool(poll.poll(seconds * 1000))
        self._seconds_left -= time.monotonic() - started
        if self._seconds_left < 0:
            self.kill()
            raise self._too_slow()
        return answered

    def finish(self, accept: Sequence[int] = (0,)) -> int:
        """Wait for the end and return the exit status; one not in ``accept`` raises what the error stream tells."""
        if self._child.has_input:
            self._child.end_input()
        while self._child.errors_open:
            self._wait({})
        try:
            status = self._child.wait_for_end(max(self._seconds_left, 1.0))
        except TimeoutError as problem:
            raise self._too_slow() from problem
        if status not in accept:
            raise _translated(self._name, status, self._child.errors)
        return status

    def kill(self) -> None:
        """End the process and everything it started, and free its pipes. Does nothing the second time."""
        self._child.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.kill()

    def _wait_for(self, stream: IO[bytes], event: int) -> None:
        while stream not in self._wait({stream: event}):
            pass

    def _wait(self, events: Mapping[IO[bytes], int]) -> set[IO[bytes]]:
        """See ``GitChild.wait_for``; only the time spent here counts. Raises LimitExceededError, BusyError."""
        started = time.monotonic()
        ready = self._child.look(events, max(min(self._seconds_left, self._light_seconds_left), 0))
        passed = time.monotonic() - started
        self._seconds_left -= passed
        self._light_seconds_left -= passed
        if ready is None and self._seconds_left <= 0:
            self.kill()
            raise self._too_slow()
        if self._light_seconds_left <= 0:
            self._light_seconds_left = math.inf
            self._child.become_heavy(self._limits.patience)
        return ready or set()

    def _too_slow(self) -> LimitExceededError:
        return LimitExceededError(
            _(
                "git %(command)s took longer than %(seconds)s seconds.",
                command=self._name,
                seconds=f"{self._limits.seconds:g}",
            )
        )


def run_git(
    options: VcsOptions,
    repository_path: pathlib.Path,
    *arguments: str | bytes,
    limits: GitLimits = GitLimits(),
    extra_config: Mapping[str, str] = {},
    accept: Sequence[int] = (0,),
) -> bytes:
    """Run a git command to its end and return its output. Raises VcsError."""
    chunks = stream_git(
        options, repository_path, *arguments, limits=limits, extra_config=extra_config, accept=accept, buffered=True
    )
    return b"".join(chunks)


def stream_git(
    options: VcsOptions,
    repository_path: pathlib.Path,
    *arguments: str | bytes,
    limits: GitLimits = GitLimits(),
    extra_config: Mapping[str, str] = {},
    accept: Sequence[int] = (0,),
    buffered: bool = False,
) -> Iterator[bytes]:
    """The output of a git command in chunks; the process ends with the iterator. Raises VcsError while iterating."""
    with GitProcess(
        options, repository_path, *arguments, limits=limits, extra_config=extra_config, buffered=buffered
    ) as process:
        while chunk := process.read():
            yield chunk
        process.finish(accept)


def _translated(name: str, status: int, errors: bytes) -> VcsError:
    """The error that a failed git command means, with git's own words as a note for the log."""
    problem: VcsError
    object_id = _OBJECT_ID.search(errors)
    fault = StorageFault.FULL if status == -signal.SIGXFSZ else find_told_fault(errors)
    if fault is not None:
        problem = UnwritableError(fault)
    elif b"not a git repository" in errors:
        problem = RepositoryMissingError(_("The repository is not there."))
    elif meaning := next(((kind, words) for pattern, kind, words in _MEANINGS if pattern.search(errors)), None):
        kind, text = meaning
        problem = kind(text)
    elif words := _words_of_excess(errors):
        # git goes on to call the object corrupt
        problem = TooLargeError(words)
    elif object_id and _DAMAGE.search(errors):
        problem = CorruptObjectError(_("Object %(name)s is missing or damaged.", name=object_id[0].decode()))
    elif status < 0:
        problem = VcsError(_("git %(command)s was ended by signal %(signal)s.", command=name, signal=-status))
    else:
        problem = VcsError(_("git %(command)s failed with exit status %(status)s.", command=name, status=status))
    problem.add_note(errors.decode(errors="replace"))
    return problem


def _words_of_excess(errors: bytes) -> str:
    """What is too large, empty if nothing is."""
    if _TOO_LARGE in errors:
        return OBJECT_TOO_LARGE
    return _("This needs more memory than one request may take.") if _NO_MEMORY.search(errors) else ""
