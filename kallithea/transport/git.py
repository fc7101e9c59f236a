"""Git's conversations over HTTP: telling the refs and sending objects. Receiving them is in ``git_push``."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from kallithea.cache.growing_store import LostError
from kallithea.cache.slots import Taken
from kallithea.services.application import Application
from kallithea.transport.answers import Answer, RefusedError
from kallithea.transport.capacity import Capacity
from kallithea.transport.gate import Admitted
from kallithea.transport.recognition import GitService
from kallithea.transport.request_body import RequestBody
from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.git.push_question import PushQuestion
from kallithea.vcs.git.wire import (
    RECEIVING_MEMORY,
    WireProcess,
    parse_protocol,
    receive_environment,
    upload_environment,
)
from kallithea.vcs.types import VcsError

log = logging.getLogger(__name__)

Environ = Mapping[str, Any]

_COMMANDS = {GitService.UPLOAD: ("upload-pack", "--strict"), GitService.RECEIVE: ("receive-pack",)}
#: The type of what answers a request to fetch.
FETCHED = f"application/x-{GitService.UPLOAD}-result"
_VERSION_2 = packet(b"version 2\n")
_MISTAKES = re.compile(
    rb"protocol error|hung up unexpectedly|bad line length|unexpected (EOF|line|argument)|expected flush|mismatched"
    rb"|unknown capability|no command requested|requested after|invalid (request|command|shallow|deepen|filter)",
    re.IGNORECASE,
)
#: For the client, when only the log may tell more.
FAILED = "git failed on the server; its administrator finds the reason in the log."


@dataclass(frozen=True, slots=True)
class GitWire:
    """Answers requests for one repository, after ``gate.admit`` has let them in."""

    application: Application
    admitted: Admitted
    environ: Environ
    body: RequestBody

    @property
    def protocol(self) -> str:
        """The version that the client asks for, as git's processes take it."""
        return parse_protocol(self.environ.get("HTTP_GIT_PROTOCOL", ""))

    @property
    def capacity(self) -> Capacity:
        """How much of the machine this request may take."""
        return Capacity(self.application, self.admitted, self.environ)

    def advertise(self, service: GitService) -> Answer:
        """Tell the refs and what the server can do."""
        environment = (
            upload_environment(self.protocol)
            if service is GitService.UPLOAD
            else receive_environment(self.protocol, most_bytes=self.application.settings.push_size_limit)
        )
        told = whole_output(self.start(service, "--http-backend-info-refs", environment))
        if not told.startswith(_VERSION_2):
            told = packet(b"# service=%s\n" % service.encode()) + FLUSH + told
        return Answer("200 OK", f"application/x-{service}-advertisement", (told,))

    def ask(self, request: BinaryIO) -> bytes:
        """The whole answer to a request."""
        return whole_output(
            self.start(GitService.UPLOAD, "--stateless-rpc", upload_environment(self.protocol), request)
        )

    def send(self, request: BinaryIO) -> Answer:
        """Send what a request, a file that git reads at its own pace, asks for, by a process for it alone.

        Raises BusyError, RefusedError, VcsError.
        """
        taken = self.capacity.take_production()
        try:
            process = self.start(GitService.UPLOAD, "--stateless-rpc", upload_environment(self.protocol), request)
            return Answer("200 OK", FETCHED, ProcessOutput(process, first_output(process), taken))
        except BaseException:
            taken.close()
            raise

    def start(  # what a process is started with
        self,
        service: GitService,
        option: str,
        environment: dict[str, str],
        request: BinaryIO | None = None,
        question: PushQuestion | None = None,
        shared: Sequence[int] = (),
    ) -> WireProcess:
        """The process that speaks to the client. Raises VcsError."""
        return WireProcess(
            self.application.vcs_options,
            self.admitted.folder,
            (*_COMMANDS[service], option),
            environment,
            seconds=self.application.settings.wire_time_limit,
            request=request,
            question=question,
            shared=shared,
            memory=RECEIVING_MEMORY if service is GitService.RECEIVE else 0,
        )

    def require_type(self, service: GitService) -> None:
        """A form on another site can send a browser's remembered password along, but not with this type."""
        if self.environ.get("CONTENT_TYPE", "") != f"application/x-{service}-request":
            raise RefusedError(415, f"The content type must be application/x-{service}-request.")


def whole_output(process: WireProcess) -> bytes:
    """Everything that a process says. Raises VcsError and RefusedError where it fails: half of it is of no use."""
    try:
        output = bytearray()
        while data := process.read():
            output += data
        if process.finish() != 0:
            raise explain_failure(process.errors)
        return bytes(output)
    finally:
        process.kill()


class ProcessOutput:
    """The output of a process as a response. A client that goes away takes the process with it.

    Where the process is killed it ends in a LostError, which breaks the connection. One that fails tells the client so.
    """

    def __init__(self, process: WireProcess, first: bytes, taken: Taken) -> None:
        self._process = process
        self._first = first
        self._taken = taken

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        data, self._first = self._first or self._process.read(), b""
        if not data:
            try:
                if self._process.finish() < 0:
                    raise LostError(FAILED)
            finally:
                self.close()
            raise StopIteration
        return data

    def close(self) -> None:
        """End the process if it still runs, and give its slots back."""
        self._process.kill()
        self._taken.close()


def explain_failure(errors: bytes) -> Exception:
    """What to raise for a git process that has failed without a word to the client."""
    if _MISTAKES.search(errors):
        return RefusedError(400, "The request is not in git's protocol.")
    log.warning("git failed: %s", errors.decode(errors="replace"))
    return VcsError(FAILED)


def first_output(process: WireProcess) -> bytes:
    """The beginning of the output. Raises VcsError and RefusedError, as ``explain_failure`` says."""
    try:
        first = process.read()
        if not first and process.finish() != 0:
            raise explain_failure(process.errors)
    except (VcsError, RefusedError):
        process.kill()
        raise
    return first
