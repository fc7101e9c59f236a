"""Git's smart protocol: the processes that speak it, and how they are set up.

Configuration goes by environment and overrides the repository's own. What operators may want to know of it is in
``docs/administrator_guide/git_and_mercurial.rst``.
"""

import contextlib
import os
import pathlib
import re
import select
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, BinaryIO, cast

from kallithea.vcs.git.child import CHUNK, GitChild, Stream
from kallithea.vcs.git.durability import DURABLE
from kallithea.vcs.git.environment import git_environment, git_folder
from kallithea.vcs.git.push_question import PushQuestion
from kallithea.vcs.git.push_rules import PUSHABLE
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.process_tree import tied
from kallithea.vcs.types import LimitExceededError, VcsError

_OUTPUT_KEPT = 16 << 20
_HOOKS = pathlib.Path(__file__).with_name("hooks").absolute()
_GRACE_SECONDS = 10.0
# How git's configuration writes what would end a value.
_ESCAPED = {b'"': b'\\"', b"\\": b"\\\\", b"\n": b"\\n"}
_ODD = re.compile(rb'["\\\n]')
# Newest first; without any of them git speaks the oldest.
_VERSIONS = ("version=2", "version=1")

_COMMON = {
    # Names a program that lists refs of repositories that objects are borrowed from; none may be started.
    "core.alternateRefsCommand": "true",
    # Refs that keep objects of deleted branches alive for reviews: nobody else's business.
    "transfer.hideRefs": "refs/keep-around",
}

_UPLOAD = {
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "false",
    "uploadpack.allowTipSHA1InWant": "false",
    "uploadpack.allowReachableSHA1InWant": "false",
    # Clients may be told at any time what they wait for, not only once objects come.
    "uploadpack.allowSidebandAll": "true",
}

#: Faults that git's checks find in the history of well-known projects and that harm nobody: odd author lines, and file
#: modes as early versions and hosting sites wrote them. Everything that could trick a client stays an error.
TOLERATED = (
    "badEmail",
    "badFilemode",
    "badName",
    "badTimezone",
    "missingEmail",
    "missingNameBeforeEmail",
    "missingSpaceBeforeDate",
    "missingSpaceBeforeEmail",
    "zeroPaddedDate",
    "zeroPaddedFilemode",
)

_RECEIVE = {
    "transfer.fsckObjects": "true",
    "receive.fsckObjects": "true",
    **{f"receive.fsck.{fault}": "ignore" for fault in TOLERATED},
    # Keep every push as one pack: loose objects are not synced to the disk one by one.
    "receive.unpackLimit": "1",
    **DURABLE,
    "receive.autogc": "false",
    "receive.advertisePushOptions": "true",
    "receive.advertiseAtomic": "true",
    "receive.denyCurrentBranch": "ignore",
    "receive.denyDeleteCurrent": "refuse",
}


def parse_protocol(header: str) -> str:
    """All that git knows of a ``Git-Protocol`` header: the newest version in it; empty, the oldest, without any."""
    wanted = header.split(":")
    return next((version for version in _VERSIONS if version in wanted), "")


#: Bytes that a process which receives objects, and those that it starts, may each have for itself. A small delta can
#: make an object of any size, which git holds whole.
RECEIVING_MEMORY = 4 << 30


class WireProcess:
    """A git process that speaks to a client. Use it as a context manager or call ``kill``.

    It may be fed and read in any order: what it says while it is fed is kept for ``read``. ``seconds`` is the time
    that it may exist.
    """

    def __init__(  # noqa: PLR0913  # what a process is started with
        self,
        options: VcsOptions,
        path: pathlib.Path,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        seconds: float,
        request: BinaryIO | None = None,
        question: PushQuestion | None = None,
        shared: Sequence[int] = (),
        memory: int = 0,
    ) -> None:
        """``request`` is a file that the process reads by itself; without it, use ``feed`` and ``end_input``.

        ``question`` is what it asks before refs move; ``shared`` are files that it holds as long as it lives.
        ``memory`` bounds, in bytes, what it and each process that it starts has for itself; 0 is no bound.
        """
        command = (*arguments, git_folder(path).absolute().as_posix())
        self._question = question
        files = (*shared, *(question.shared if question is not None else ()))
        source = request or subprocess.PIPE
        self._child = GitChild(options, path, command, environment, stdin=source, shared=files, total_memory=memory)
        if question is not None:
            question.share()
        self._deadline = time.monotonic() + seconds
        self._kept = bytearray()
        self._output_open = True

    @property
    def errors(self) -> bytes:
        """Begin and end of what the process has said on its error stream."""
        return self._child.errors

    def feed(self, data: bytes) -> bool:
        """Send ``data``; False once the process does not listen any more. Raises LimitExceededError."""
        target = self._child.input
        remaining = memoryview(data)
        while remaining and not target.closed:
            if target not in self._wait(target):
                continue
            try:
                remaining = remaining[os.write(target.fileno(), remaining) :]
            except BrokenPipeError:
                self.end_input()
        return not target.closed

    def end_input(self) -> None:
        """Tell the process that nothing more comes."""
        self._child.end_input()

    def read(self) -> bytes:
        """The next bytes of the output; empty at its end. Raises LimitExceededError."""
        while not self._kept and self._output_open:
            self._wait()
        data = bytes(self._kept)
        self._kept.clear()
        return data

    def finish(self) -> int:
        """Wait for the end of a process whose output has ended; its exit status. Raises LimitExceededError."""
        while self._child.errors_open:
            self._wait()
        try:
            return self._child.wait_for_end(self._seconds_left())
        except TimeoutError as problem:
            self._output_open = False
            raise self._too_slow() from problem

    def stop(self) -> None:
        """End a process whose input was cut off, giving it the time to clean up behind itself."""
        self._deadline = min(self._deadline, time.monotonic() + _GRACE_SECONDS)
        if self._child.has_input:
            self.end_input()
        with contextlib.suppress(VcsError):
            while self.read():
                pass
            self.finish()
        self.kill()

    def kill(self) -> None:
        """End the process and everything that it started, at once. Does nothing the second time."""
        self._child.kill()
        self._output_open = False
        if self._question is not None:
            self._question.close()

    def _wait(self, *targets: IO[bytes]) -> set[Stream]:
        """Wait until something happens and take up what the process says; those of ``targets`` that can be written."""
        output = self._child.output
        events: dict[Stream, int] = dict.fromkeys(targets, select.POLLOUT)
        if self._output_open:
            events[output] = select.POLLIN
        question = self._question
        if question is not None and question.is_open:
            events[question] = select.POLLIN
        try:
            ready = self._child.wait_for(events, self._seconds_left())
        except TimeoutError as problem:
            self._output_open = False
            raise self._too_slow() from problem
        if question is not None and question in ready:
            question.take_up()
        if output in ready:
            self._keep(os.read(output.fileno(), CHUNK))
        return ready

    def _keep(self, data: bytes) -> None:
        self._output_open = bool(data)
        self._kept += data
        if len(self._kept) > _OUTPUT_KEPT:
            self.kill()
            raise LimitExceededError("git answered too much before it had read the request.")

    def _seconds_left(self) -> float:
        return max(self._deadline - time.monotonic(), 0.0)

    def _too_slow(self) -> LimitExceededError:
        return LimitExceededError("git took too long.")


def upload_to_file(  # what a process is started with
    options: VcsOptions,
    path: pathlib.Path,
    environment: Mapping[str, str],
    request: BinaryIO,
    target: int,
    slots: Sequence[int],
) -> GitChild:
    """A process that reads a request and writes what it answers into the open file ``target``.

    ``slots`` are locked files that it holds as long as it lives. It ends with the thread that starts it. Raises
    VcsError.
    """
    command = ("upload-pack", "--strict", "--stateless-rpc", git_folder(path).absolute().as_posix())
    return GitChild(options, path, command, environment, stdin=request, stdout=target, shared=slots, tie=tied)


def upload_environment(protocol: str) -> dict[str, str]:
    """Environment of a process that sends objects. ``protocol`` comes from ``parse_protocol``."""
    return _environment(_UPLOAD, protocol)


def receive_environment(
    protocol: str, *, most_bytes: int = 0, hidden: BinaryIO | None = None, question: PushQuestion | None = None
) -> dict[str, str]:
    """Environment of a process that receives objects.

    ``most_bytes`` bounds the pack, 0 is no bound. ``hidden``, a file of ``list_hidden``, has refs that this push must
    not touch; whatever is not ``PUSHABLE`` is hidden in any case. The process must have the files.
    """
    config, facts = {"receive.maxInputSize": str(most_bytes)}, dict[str, str]()
    if question is not None:
        config["core.hooksPath"] = str(_HOOKS)
        facts = question.facts
    environment = _environment(_RECEIVE | config, protocol) | facts
    shown = ["!" + prefix.decode().rstrip("/") for prefix in PUSHABLE]
    _add_config(environment, "receive.hideRefs", ["refs", *shown])
    if hidden is not None:
        _add_config(environment, "include.path", [f"/dev/fd/{hidden.fileno()}"])
    return environment


@contextlib.contextmanager
def list_hidden(names: Iterable[bytes]) -> Iterator[BinaryIO]:
    """A file that hides refs, or beginnings of refs: those that a client sends may be too long for an environment."""
    with tempfile.TemporaryFile(prefix="kallithea-push-") as file:
        file.write(b"[receive]\n")
        file.writelines(b'hideRefs = "%s"\n' % _ODD.sub(lambda found: _ESCAPED[found[0]], name) for name in names)
        file.flush()
        yield cast(BinaryIO, file)


def _environment(config: Mapping[str, str], protocol: str) -> dict[str, str]:
    environment = git_environment({**_COMMON, **config})
    if protocol:
        environment["GIT_PROTOCOL"] = protocol
    return environment


def _add_config(environment: dict[str, str], key: str, values: Sequence[str]) -> None:
    """Set a key that has several values; the last one that fits a ref decides."""
    count = int(environment["GIT_CONFIG_COUNT"])
    for number, value in enumerate(values, start=count):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    environment["GIT_CONFIG_COUNT"] = str(count + len(values))
