"""The operator's own programs around a movement of refs: ``pre-receive``, which may refuse it, and ``post-receive``.

They lie in one folder of the site, which no repository can write to. Each gets a line ``OLD NEW NAME`` for each ref, as
git's hooks of these names do; zeros stand for no value. What they print is for whoever pushes.
"""

import contextlib
import logging
import os
import pathlib
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kallithea.core.words import _
from kallithea.vcs.types import Kind, RefUpdate
from kallithea.vcs.writing import RefusedWriteError

log = logging.getLogger(__name__)

PRE_RECEIVE, POST_RECEIVE = "pre-receive", "post-receive"

_INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "TZ")
_NOTHING = "0" * 40
_CHUNK = 65536
# The rest is thrown away.
_MOST_WORDS = 1 << 16


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
    """Runs the hooks for one repository. ``facts`` tell them of it, as variables of the environment."""

    hooks: Hooks
    kind: Kind
    path: pathlib.Path
    facts: Mapping[str, str] = field(default_factory=dict)

    def ask(self, updates: Sequence[RefUpdate]) -> bytes:
        """Have the program judge a movement; what it prints. Raises RefusedWriteError with that where it refuses."""
        pending = {"HG_PENDING": os.fspath(self.path)} if self.kind is Kind.HG else {}
        status, words = self._run(PRE_RECEIVE, updates, pending)
        if status != 0:
            shown = words.decode("utf-8", "replace").strip()
            raise RefusedWriteError(_("A hook of this site refuses the change: %(words)s", words=shown or str(status)))
        return words

    def tell(self, updates: Sequence[RefUpdate]) -> bytes:
        """Tell the program of what has moved; what it prints. Nothing that it does is a failure of the movement."""
        status, words = self._run(POST_RECEIVE, updates, {})
        if status != 0:
            log.warning("post-receive ended with %s for %s", status, self.path)
        return words

    def _run(self, name: str, updates: Sequence[RefUpdate], more: Mapping[str, str]) -> tuple[int, bytes]:
        program = self.hooks.find(name)
        if program is None or not updates:
            return 0, b""
        environment = {key: os.environ[key] for key in _INHERITED if key in os.environ}
        place = {"GIT_DIR" if self.kind is Kind.GIT else "HG_REPOSITORY": os.fspath(self.path)}
        with tempfile.TemporaryFile() as lines:
            lines.writelines(map(_line, updates))
            lines.seek(0)
            try:
                process = subprocess.Popen(
                    [program],
                    cwd=self.path,
                    env={**environment, **self.facts, **place, **more},
                    stdin=lines,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as problem:
                log.warning("%s cannot be run: %s", program, problem)
                return 126, b"It cannot be run.\n"
        return _wait(process, self.hooks.seconds)


def _wait(process: subprocess.Popen[bytes], seconds: int) -> tuple[int, bytes]:
    """Exit status and words of a program, which is ended with all that it started when its time is over.

    What it has left in the background before goes on: so are builds started.
    """
    assert process.stdout is not None
    deadline, words = time.monotonic() + seconds, b""
    with process.stdout as output, contextlib.ExitStack() as ending:
        ending.callback(_end, process)
        while select.select([output], [], [], max(deadline - time.monotonic(), 0))[0]:
            data = os.read(output.fileno(), _CHUNK)
            words = (words + data)[:_MOST_WORDS]
            if not data:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    status = process.wait(max(deadline - time.monotonic(), 0))
                    ending.pop_all()
                    return status, words
                break
    return 124, words + b"The hook of this site took longer than %d seconds.\n" % seconds


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _line(update: RefUpdate) -> bytes:
    return b"%s %s %s\n" % ((update.old or _NOTHING).encode(), (update.new or _NOTHING).encode(), update.name)
