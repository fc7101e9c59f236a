"""A git process and its pipes: the one place that starts the git program."""

import contextlib
import os
import pathlib
import resource
import select
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import IO, BinaryIO, Protocol, TypeAlias, TypeVar

from kallithea.core.meter import METER
from kallithea.core.words import _
from kallithea.vcs.git.environment import git_command, git_folder
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import RepositoryMissingError, VcsError

CHUNK = 65536

#: Variable of the environment of each git process, and of what it starts: the folder of the slots that it belongs to.
SLOTS = "KALLITHEA_SLOTS"


class Stream(Protocol):
    """What ``select.poll`` takes."""

    def fileno(self) -> int:
        """The descriptor."""
        ...


S = TypeVar("S", bound=Stream)
Command: TypeAlias = list[str | bytes]
# Of a flood of errors, that much of its begin and as much of its end.
_ERRORS_KEPT = 4096
_LEAST_PRIORITY = 19
_GRACE_SECONDS = 10.0


class GitChild:
    """A git process in a session of its own, so that all it started is ended with it. Its pipes do not block.

    What it says on its error stream is taken up while something else is waited for, and kept in part in ``errors``.
    """

    def __init__(  # noqa: PLR0913  # what a process is started with
        self,
        options: VcsOptions,
        repository_path: pathlib.Path,
        arguments: Sequence[str | bytes],
        environment: Mapping[str, str],
        *,
        stdin: int | IO[bytes],
        stdout: int = subprocess.PIPE,
        weight: Weight = Weight.LIGHT,
        patience: float = 0.0,
        total_memory: int = 0,
        shared: Sequence[int] = (),
        listen: Callable[[bytes], None] = lambda _data: None,
        tie: Callable[[Command], Command] = lambda command: command,
    ) -> None:
        """``stdout`` may be an open file, which then gets the output; ``shared`` are files that the process gets too.

        ``tie`` makes the command one that ends with this thread. ``patience`` is how many seconds to wait for a slot.
        ``total_memory`` bounds, in bytes, what the process may write to; 0 is no bound. ``listen`` is called with all
        that it says on its error stream, and with nothing at the end of that. Raises BusyError, RepositoryMissingError,
        VcsError.
        """
        self._listen = listen
        self._errors_begin = b""
        self._errors_end = b""
        self.errors_open = True
        self._slot = take_slot(options, weight, patience)
        try:
            self._process = _start(
                options,
                repository_path,
                tie(git_command(options, repository_path, *arguments)),
                environment,
                (stdin, stdout),
                self._slot,
                shared,
            )
        except BaseException:
            self._free_slot()
            raise
        if total_memory:
            _limit_memory(self._process.pid, total_memory)
        self._options = options
        self._yields = weight.yields
        if self._yields:
            with contextlib.suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PGRP, self._process.pid, _LEAST_PRIORITY)
        self.has_input = self._process.stdin is not None
        for stream in self._streams():
            os.set_blocking(stream.fileno(), False)

    @property
    def input(self) -> IO[bytes]:
        """What the process reads; only where it was started with a pipe."""
        return _there(self._process.stdin)

    @property
    def output(self) -> IO[bytes]:
        """What the process says."""
        return _there(self._process.stdout)

    @property
    def errors(self) -> bytes:
        """Begin and end of what the process has said on its error stream, joined."""
        return self._errors_begin + self._errors_end

    def wait_for(self, events: Mapping[S, int], seconds: float) -> set[S]:
        """Wait until something happens; the answer is which of the streams are ready, perhaps none.

        ``events`` are those of ``select.poll``. Raises TimeoutError when nothing happens in time: then the process is
        ended.
        """
        ready = self.look(events, seconds)
        if ready is None:
            self.kill()
            raise TimeoutError
        return ready

    def look(self, events: Mapping[S, int], seconds: float) -> set[S] | None:
        """The same, but None when nothing happens in time, and the process goes on."""
        streams = {stream.fileno(): stream for stream in events}
        poll = select.poll()
        for stream, event in events.items():
            poll.register(stream.fileno(), event)
        errors = _there(self._process.stderr)
        if self.errors_open:
            poll.register(errors.fileno(), select.POLLIN)
        ready = {number for number, _events in poll.poll(seconds * 1000)}
        if self.errors_open and errors.fileno() in ready:
            self._take_up_errors(errors)
        return {streams[number] for number in ready if number in streams} if ready else None

    def become_heavy(self, patience: float) -> None:
        """Take a slot as a HEAVY process has, for as long as this one is used; a process that has one keeps that.

        Raises BusyError: then the process is ended.
        """
        if self._slot is None:
            try:
                self._slot = take_slot(self._options, Weight.HEAVY, patience)
            except BaseException:
                self.kill()
                raise

    def end_input(self) -> None:
        """Tell the process that nothing more comes."""
        with contextlib.suppress(BrokenPipeError):
            self.input.close()

    def has_ended(self, seconds: float = 0.0) -> bool:
        """Whether the process itself ends within so many seconds, whatever it has started."""
        if self._process.returncode is not None:
            return True
        process = os.pidfd_open(self._process.pid)
        try:
            poll = select.poll()
            poll.register(process, select.POLLIN)
            return bool(poll.poll(seconds * 1000))
        finally:
            os.close(process)

    def wait_for_end(self, seconds: float) -> int:
        """The exit status. Raises TimeoutError: then the process is ended.

        What it has started and left behind, as one does that somebody kills, is ended in any case.
        """
        if not self.has_ended(seconds):
            self.kill()
            raise TimeoutError
        return self._end_all()

    def kill(self) -> None:
        """End the process and everything it started, and free its pipes. Does nothing the second time."""
        if self._process.returncode is None:
            if self._yields:
                self._ask_to_end()
            self._end_all()
        for stream in self._streams():
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        self.errors_open = False
        self._free_slot()

    def _ask_to_end(self) -> None:
        """Let git remove its locks and what it has half written; nobody waits for what does so."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self.has_ended(_GRACE_SECONDS)

    def _end_all(self) -> int:
        """End whatever runs of the session; the exit status of the process."""
        if self._process.returncode is None:
            # Until it has been waited for, no other session can have its number.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()

    def _take_up_errors(self, errors: IO[bytes]) -> None:
        data = os.read(errors.fileno(), CHUNK)
        self.errors_open = bool(data)
        room = _ERRORS_KEPT - len(self._errors_begin)
        self._errors_begin += data[:room]
        self._errors_end = (self._errors_end + data[room:])[-_ERRORS_KEPT:]
        self._listen(data)

    def _streams(self) -> list[IO[bytes]]:
        process = self._process
        return [stream for stream in (process.stdin, process.stdout, process.stderr) if stream is not None]

    def _free_slot(self) -> None:
        if self._slot is not None:
            self._slot.close()


def _start(
    options: VcsOptions,
    repository_path: pathlib.Path,
    command: Command,
    environment: Mapping[str, str],
    standard: tuple[int | IO[bytes], int],
    slot: BinaryIO | None,
    shared: Sequence[int],
) -> subprocess.Popen[bytes]:
    folder = git_folder(repository_path)
    meter = METER.get()
    if meter is not None:
        meter.processes += 1
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, SLOTS: str(options.slot_folder)},
            stdin=standard[0],
            stdout=standard[1],
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            pass_fds=(*shared, *(() if slot is None else (slot.fileno(),))),
        )
    except OSError as problem:
        if not folder.is_dir():
            raise RepositoryMissingError(_("The repository is not there.")) from problem
        raise VcsError(_("The git program could not be started.")) from problem


def _limit_memory(process_id: int, size: int) -> None:
    """Bound the memory that the process, and each that it starts, has for itself.

    Packs are mapped to be read only, and do not count. It is done from here, since what Python runs between fork and
    exec is not safe beside other threads.
    """
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(process_id, resource.RLIMIT_DATA, (size, size))


def _there(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the git process was started without this stream")
    return stream
