"""Git processes that speak to a repository elsewhere: watched, told of, and ended where that is asked."""

import os
import pathlib
import re
import select
import subprocess
from collections.abc import Sequence

from kallithea.core.storage import find_told_fault
from kallithea.core.words import _
from kallithea.vcs.git.child import CHUNK, GitChild
from kallithea.vcs.git.remote_channel import Channel
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.remote import Amount, RemoteError, RemoteSource, RemoteStep
from kallithea.vcs.remote_guard import TICK, Guard
from kallithea.vcs.types import UnwritableError, VcsError

_MOST_OUTPUT = 256 << 20
_LONGEST_LINE = 500
_PROGRESS = re.compile(
    r"(remote: )?([A-Z][A-Za-z -]+): +[0-9]+% \(([0-9]+)/([0-9]+)\)(?:, ([0-9.]+) ([KMG]?i?B|bytes))?"
)
_PREFIXES = {"bytes": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_UNITS = {
    "Receiving objects": (RemoteStep.RECEIVE, "objects"),
    "Resolving deltas": (RemoteStep.CHECK, "deltas"),
    "Checking objects": (RemoteStep.CHECK, "objects"),
}
#: What git says of a failure, and what that means. The first that fits counts.
_MEANINGS = (
    ("Authentication failed|could not read (?:Username|Password)", _("The other site asks for other credentials.")),
    ("Permission denied \\(", _("The other site does not accept the SSH key of this site.")),
    ("Host key verification failed", _("The host key of the other site is not among those that this site knows.")),
    ("certificate|SSL|TLS", _("The certificate of the other site cannot be trusted, or it does not speak TLS.")),
    ("Operation too slow|Connection timed out|Timeout", _("The other site did not answer in time.")),
    ("requested URL returned error: 30|redirect", _("The address leads to another one now. Try again.")),
    ("requested URL returned error: 40[13]", _("The other site does not allow it.")),
    (
        "not found|does not appear to be a git repository|repository not exported|no such|access denied",
        _("There is no repository at the address, or it is hidden from this site."),
    ),
    ("Connection refused|Failed to connect|unable to connect|No route to host", _("The other site cannot be reached.")),
    ("attempting to allocate", _("An object there is too large to be taken over.")),
    ("protocol error|bad line|content-type|bad band|expected ", _("The other site does not answer as git does.")),
    ("early EOF|unexpected disconnect|hung up|RPC failed|Connection reset", _("The connection broke.")),
)
# The list of what a fetch has got, which the report names better.
_LISTED = re.compile(rb" [*+=t -] |From ")
_FAULT = re.compile(r"error: object ([0-9a-f]{40,64}): (\w+):|fsck error in packed object")


class ProgressLines:
    """Reads what git says on its error stream: how far it is goes to the guard, all else into the log."""

    def __init__(self, guard: Guard, source: RemoteSource) -> None:
        self._guard = guard
        self._source = source
        self._pending = b""
        self._step: RemoteStep | None = None
        self._size = 0

    def take(self, data: bytes) -> None:
        """The next bytes; nothing at the end."""
        *lines, self._pending = re.split(b"[\r\n]", self._pending + data)
        if not data:
            lines.append(self._pending)
            self._pending = b""
        self._pending = self._pending[:_LONGEST_LINE]
        for line in lines:
            if _LISTED.match(line):
                continue
            if text := clean_line(self._source.redact(line.decode("utf-8", "replace"))):
                self._take_line(text)

    def _take_line(self, text: str) -> None:
        found = _PROGRESS.match(text)
        if found is None:
            self._guard.say(text, warning=text.startswith(("warning:", "error:", "fatal:")))
            return
        if not found[1] and found[2] in _UNITS:
            self._count(*_UNITS[found[2]], found)
        if text.endswith("done."):
            self._guard.say(text)

    def _count(self, step: RemoteStep, unit: str, found: re.Match[str]) -> None:
        if step is not self._step:
            self._step = step
            if step is not RemoteStep.RECEIVE:
                self._guard.begin(step)
        if found[5]:
            self._size = int(float(found[5]) * _PREFIXES.get(found[6], 1))
        self._guard.count(Amount(unit, int(found[3]), int(found[4]), self._size))


def run_remote_git(
    options: VcsOptions,
    folder: pathlib.Path,
    arguments: Sequence[str | bytes],
    channel: Channel,
    source: RemoteSource,
    guard: Guard,
) -> bytes:
    """Run a git command in the repository in ``folder`` and return its output.

    Raises RemoteError, and what the guard raises, at most some seconds after that.
    """
    lines = ProgressLines(guard, source)
    child = GitChild(
        options,
        folder,
        arguments,
        channel.environment,
        stdin=subprocess.DEVNULL,
        shared=channel.shared,
        listen=lines.take,
    )
    try:
        output = _read_all(child, guard)
        status = child.wait_for_end(guard.seconds_left + 1)
    except TimeoutError:
        raise RemoteError(_("The other site did not answer in time.")) from None
    finally:
        child.kill()
    if status != 0:
        raise _failure(status, source.redact(child.errors.decode("utf-8", "replace")))
    return output


def clean_line(text: str) -> str:
    """A line of another program that can be shown: without control characters, and not endless."""
    return "".join(char if char.isprintable() else " " for char in text).strip()[:_LONGEST_LINE]


def _read_all(child: GitChild, guard: Guard) -> bytes:
    output, is_open = bytearray(), True
    while is_open or child.errors_open:
        ready = child.look({child.output: select.POLLIN} if is_open else {}, TICK)
        if ready:
            data = os.read(child.output.fileno(), CHUNK)
            is_open = bool(data)
            output += data
            if len(output) > _MOST_OUTPUT:
                raise RemoteError(_("The other site has more branches and tags than this site takes."))
        guard.tick()
    return bytes(output)


def _failure(status: int, errors: str) -> VcsError:
    storage = find_told_fault(errors.encode())
    problem = UnwritableError(storage) if storage is not None else RemoteError(_explain(status, errors))
    problem.add_note(errors)
    return problem


def _explain(status: int, errors: str) -> str:
    fault = _FAULT.search(errors)
    words = next((words for pattern, words in _MEANINGS if re.search(pattern, errors, re.IGNORECASE)), None)
    if fault is not None:
        words = _("What came does not pass git's checks. It could harm those who clone it.")
    if fault is not None and fault[1]:
        words = _(
            "What came does not pass git's checks: object %(name)s, %(fault)s. It could harm those who clone it.",
            name=fault[1],
            fault=fault[2],
        )
    unknown = _("Git could not fetch from there, and ended with the status %(status)s.", status=str(status))
    return words or unknown
