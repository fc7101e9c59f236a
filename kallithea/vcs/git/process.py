"""The one place that starts the git program.

A process gets a private environment, its own session (so that all it started can be killed together), a limit of the
time spent waiting for it and one of its output. What it says on its error stream is kept in part and goes to the log as
a note of the error, never into the error's message: it can hold folder names of the server.
"""

import contextlib
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

from kallithea.vcs.git.environment import git_command, git_environment, git_folder
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import (
    CorruptObjectError,
    LimitExceededError,
    RepositoryMissingError,
    StorageFullError,
    VcsError,
)

__all__ = ["GitLimits", "GitProcess", "git_command", "git_environment", "git_folder", "run_git", "stream_git"]

CHUNK = 65536
_ERRORS_KEPT = 8192
_OBJECT_ID = re.compile(rb"\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b")
_DAMAGE = re.compile(
    rb"corrupt|missing|bad (?:object|tree|revision)|unable to (?:read|parse|unpack|load|find|stream)|inflate|not a tree"
    rb"|could ?n[o']t (?:read|parse|get)|cannot (?:read|unpack)|failed to (?:read|parse|traverse)|hash mismatch",
    re.IGNORECASE,
)
_FULL = re.compile(rb"No space left on device|Disk quota exceeded|File too large")


@dataclass(frozen=True, slots=True)
class GitLimits:
    """Bounds of one process: seconds of waiting for it, and bytes of its output."""

    seconds: float = 60.0
    output: int = 1 << 30


def start_git(
    options: VcsOptions,
    repository_path: pathlib.Path,
    arguments: Sequence[str | bytes],
    environment: Mapping[str, str],
    *,
    stdin: int | IO[bytes],
) -> subprocess.Popen[bytes]:
    """Start a git command in a session of its own. Its pipes do not block: poll them.

    Raises RepositoryMissingError, VcsError.
    """
    try:
        process = subprocess.Popen(
            git_command(options, repository_path, *arguments),
            cwd=git_folder(repository_path),
            env=environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
    except OSError as problem:
        if not git_folder(repository_path).is_dir():
            raise RepositoryMissingError("The repository is not there.") from problem
        raise VcsError("The git program could not be started.") from problem
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            os.set_blocking(stream.fileno(), False)
    return process


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
    ) -> None:
        self._name = os.fsdecode(arguments[0])
        self._limits = limits
        self._seconds_left = limits.seconds
        self._output_left = limits.output
        self._errors = b""
        self._errors_open = True
        self._process = start_git(
            options,
            repository_path,
            arguments,
            git_environment(extra_config),
            stdin=subprocess.PIPE if with_input else subprocess.DEVNULL,
        )

    def restart_clock(self) -> None:
        """Give the next operation of a long-lived process the whole limits again."""
        self._seconds_left = self._limits.seconds
        self._output_left = self._limits.output

    def read(self, size: int = CHUNK) -> bytes:
        """Next bytes of the output, at most ``size``; empty at its end. Raises LimitExceededError."""
        output = _stream(self._process.stdout)
        self._wait_for(output, select.POLLIN)
        data = os.read(output.fileno(), size)
        self._output_left -= len(data)
        if self._output_left < 0:
            self.kill()
            raise LimitExceededError(f"git {self._name} answered more than {self._limits.output} bytes.")
        return data

    def write(self, data: bytes) -> None:
        """Send all of ``data``. Keep it under a pipe's capacity if the process answers while it reads."""
        target = _stream(self._process.stdin)
        remaining = memoryview(data)
        while remaining:
            self._wait_for(target, select.POLLOUT)
            try:
                remaining = remaining[os.write(target.fileno(), remaining) :]
            except BrokenPipeError:
                self.finish()
                raise VcsError(f"git {self._name} ended early.") from None

    def finish(self, accept: Sequence[int] = (0,)) -> int:
        """Wait for the end and return the exit status; one not in ``accept`` raises what the error stream tells."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        while self._errors_open:
            self._wait_for(_stream(self._process.stderr), select.POLLIN)
        try:
            status = self._process.wait(max(self._seconds_left, 1.0))
        except subprocess.TimeoutExpired as problem:
            self.kill()
            raise self._too_slow() from problem
        if status not in accept:
            raise _translated(self._name, status, self._errors)
        return status

    def kill(self) -> None:
        """End the process and everything it started, and free its pipes. Does nothing the second time."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        self._errors_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.kill()

    def _wait_for(self, stream: IO[bytes], event: int) -> None:
        """Wait until ``stream`` is ready, taking up what comes on the error stream meanwhile."""
        errors = _stream(self._process.stderr)
        poll = select.poll()
        poll.register(stream, event)
        if self._errors_open:
            poll.register(errors, select.POLLIN)
        while True:
            started = time.monotonic()
            ready = {number for number, _ in poll.poll(max(self._seconds_left, 0) * 1000)}
            self._seconds_left -= time.monotonic() - started
            if not ready:
                self.kill()
                raise self._too_slow()
            if errors.fileno() in ready and not self._collect_errors(errors):
                poll.unregister(errors)
            if stream.fileno() in ready:
                return

    def _collect_errors(self, errors: IO[bytes]) -> bool:
        data = os.read(errors.fileno(), CHUNK)
        self._errors = (self._errors + data)[:_ERRORS_KEPT]
        self._errors_open = bool(data)
        return self._errors_open

    def _too_slow(self) -> LimitExceededError:
        return LimitExceededError(f"git {self._name} took longer than {self._limits.seconds:g} seconds.")


def run_git(
    options: VcsOptions,
    repository_path: pathlib.Path,
    *arguments: str | bytes,
    limits: GitLimits = GitLimits(),
    extra_config: Mapping[str, str] = {},
    accept: Sequence[int] = (0,),
) -> bytes:
    """Run a git command to its end and return its output. Raises VcsError."""
    chunks = stream_git(options, repository_path, *arguments, limits=limits, extra_config=extra_config, accept=accept)
    return b"".join(chunks)


def stream_git(
    options: VcsOptions,
    repository_path: pathlib.Path,
    *arguments: str | bytes,
    limits: GitLimits = GitLimits(),
    extra_config: Mapping[str, str] = {},
    accept: Sequence[int] = (0,),
) -> Iterator[bytes]:
    """The output of a git command in chunks; the process ends with the iterator. Raises VcsError while iterating."""
    with GitProcess(options, repository_path, *arguments, limits=limits, extra_config=extra_config) as process:
        while chunk := process.read():
            yield chunk
        process.finish(accept)


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the git process was started without this stream")
    return stream


def _translated(name: str, status: int, errors: bytes) -> VcsError:
    """The error that a failed git command means, with git's own words as a note for the log."""
    problem: VcsError
    object_id = _OBJECT_ID.search(errors)
    if _FULL.search(errors) or status == -signal.SIGXFSZ:
        problem = StorageFullError()
    elif b"not a git repository" in errors:
        problem = RepositoryMissingError("The repository is not there.")
    elif object_id and _DAMAGE.search(errors):
        problem = CorruptObjectError(f"Object {object_id[0].decode()} is missing or damaged.")
    elif status < 0:
        problem = VcsError(f"git {name} was ended by signal {-status}.")
    else:
        problem = VcsError(f"git {name} failed with exit status {status}.")
    problem.add_note(errors.decode(errors="replace"))
    return problem
