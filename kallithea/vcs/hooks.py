"""The operator's own programs around a movement of refs: ``pre-receive``, which may refuse it, and ``post-receive``.

They lie in one folder of the site, which no repository can write to. Each gets a line ``OLD NEW NAME`` for each ref, as
git's hooks of these names do; zeros stand for no value. What they print is for whoever pushes.
"""

import logging
import os
import pathlib
import secrets
import select
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kallithea.core.request_id import REQUEST_ID
from kallithea.core.words import _
from kallithea.vcs.process_tree import MARK, bounded, end_tree, tied
from kallithea.vcs.types import Kind, RefUpdate
from kallithea.vcs.writing import RefusedWriteError

log = logging.getLogger(__name__)

PRE_RECEIVE, POST_RECEIVE = "pre-receive", "post-receive"

_INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "TZ")
_NOTHING = "0" * 40
_CHUNK = 65536
# The rest is thrown away.
_MOST_WORDS = 1 << 16
_LOOK_SECONDS = 0.1
# For what is told of a push to somebody who is not there any more.
_UNWANTED_SECONDS = 20.0
_OVERTIME_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Hooks:
    """``folder`` is None where the operator has none. Each program may take so many ``seconds``."""

    folder: pathlib.Path | None = None
    seconds: int = 60

    def find(self, name: str) -> pathlib.Path | None:
        """The program, if there is one that may be run."""
        program = self.folder / name if self.folder is not None else None
        return program if program is not None and program.is_file() and os.access(program, os.X_OK) else None


@dataclass(frozen=True, slots=True)
class HookCall:
    """Runs the hooks for one repository. ``facts`` tell them of it, as variables of the environment.

    ``is_wanted`` tells whether whoever moves the refs is still there.
    """

    hooks: Hooks
    kind: Kind
    path: pathlib.Path
    facts: Mapping[str, str] = field(default_factory=dict)
    is_wanted: Callable[[], bool] = lambda: True

    @property
    def asks(self) -> bool:
        """Whether there is a program to be asked."""
        return self.hooks.find(PRE_RECEIVE) is not None

    def ask(self, updates: Sequence[RefUpdate]) -> bytes:
        """Have the program judge a movement; what it prints. Raises RefusedWriteError with that where it refuses."""
        pending = {"HG_PENDING": os.fspath(self.path)} if self.kind is Kind.HG else {}
        status, words = self.judge(b"".join(map(_line, updates)), pending)
        if status != 0:
            shown = words.decode("utf-8", "replace").strip()
            raise RefusedWriteError(_("A hook of this site refuses the change: %(words)s", words=shown or str(status)))
        return words

    def judge(self, lines: bytes, environment: Mapping[str, str]) -> tuple[int, bytes]:
        """The same for lines as the program reads them, with more of an environment. Its exit status, and its words."""
        return self._run(PRE_RECEIVE, lines, environment)

    def tell(self, updates: Sequence[RefUpdate]) -> bytes:
        """Tell the program of what has moved; what it prints. Nothing that it does is a failure of the movement."""
        status, words = self._run(POST_RECEIVE, b"".join(map(_line, updates)), {})
        if status != 0:
            log.warning("post-receive ended with %s for %s", status, self.path)
        return words

    def _run(self, name: str, lines: bytes, more: Mapping[str, str]) -> tuple[int, bytes]:
        program = self.hooks.find(name)
        if program is None or not lines:
            return 0, b""
        mark = secrets.token_hex(16)
        inherited = {key: os.environ[key] for key in _INHERITED if key in os.environ}
        request = {"KALLITHEA_REQUEST_ID": REQUEST_ID.get()}
        place = {"GIT_DIR" if self.kind is Kind.GIT else "HG_REPOSITORY": os.fspath(self.path)}
        # Nobody bounds what a process that was killed has started, and who judges has nobody left to tell.
        judge = tied(bounded([os.fspath(program)], self.hooks.seconds + _OVERTIME_SECONDS))
        try:
            with tempfile.TemporaryFile() as spool:
                spool.write(lines)
                spool.seek(0)
                process = subprocess.Popen(
                    judge if name == PRE_RECEIVE else [program],
                    cwd=more.get("GIT_DIR", self.path),
                    env={**inherited, **self.facts, **request, **place, **more, MARK: mark},
                    stdin=spool,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as problem:
            log.warning("%s cannot be run: %s", program, problem)
            return 126, b"It cannot be run.\n"
        return self._wait(process, mark, is_judge=name == PRE_RECEIVE)

    def _wait(self, process: "subprocess.Popen[bytes]", mark: str, *, is_judge: bool) -> tuple[int, bytes]:
        """Exit status and words of a program, which is ended with all that it has started when its time is over.

        Of one that has ended, what it left in the background goes on, as builds do, unless it was to judge.
        """
        status, words = None, b""
        try:
            status, words = _listen(process, self._deadline(is_judge=is_judge))
        finally:
            if is_judge or status is None:
                end_tree(process, mark)
            if process.stdout is not None:
                process.stdout.close()
        if status is None:
            return 124, words + b"The hook of this site took longer than %d seconds.\n" % self.hooks.seconds
        return status, words

    def _deadline(self, *, is_judge: bool) -> Callable[[], bool]:
        """Whether the time of a program is over."""
        last = time.monotonic() + self.hooks.seconds
        unwanted = 0.0 if is_judge else _UNWANTED_SECONDS

        def is_over() -> bool:
            nonlocal last
            now = time.monotonic()
            if last - now > unwanted and not self.is_wanted():
                last = now + unwanted
            return now >= last

        return is_over


def _listen(process: "subprocess.Popen[bytes]", is_over: Callable[[], bool]) -> tuple[int | None, bytes]:
    """Exit status and words; no status when its time is over. What is left in the background may hold the output."""
    assert process.stdout is not None
    output, words = process.stdout.fileno(), b""
    poll = select.poll()
    poll.register(output, select.POLLIN)
    while not is_over():
        if not poll.poll(_LOOK_SECONDS * 1000):
            if process.poll() is not None:
                return process.returncode, words
        elif data := os.read(output, _CHUNK):
            words = (words + data)[:_MOST_WORDS]
        else:
            poll.unregister(output)
            return _wait_for_end(process, is_over), words
    return None, words


def _wait_for_end(process: "subprocess.Popen[bytes]", is_over: Callable[[], bool]) -> int | None:
    while not is_over():
        try:
            return process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    return None


def _line(update: RefUpdate) -> bytes:
    if b"\n" in update.name:
        raise ValueError("a ref whose name would be read as further lines")
    return b"%s %s %s\n" % ((update.old or _NOTHING).encode(), (update.new or _NOTHING).encode(), update.name)
