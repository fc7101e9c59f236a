"""Git's conversations over HTTP: advertise refs, send objects, receive objects."""

import logging
import re
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kallithea.core.errors import UnavailableError
from kallithea.services.application import Application
from kallithea.transport.answers import Answer, RefusedError
from kallithea.transport.gate import Admitted
from kallithea.transport.push import Push
from kallithea.transport.recognition import GitService
from kallithea.transport.request_body import RequestBody, RequestLostError
from kallithea.vcs.git.pkt_line import FLUSH, PacketError, packet
from kallithea.vcs.git.push_request import PushRequest, ReportReader, printed, read_push_request, refusal
from kallithea.vcs.git.push_rules import PUSHABLE, find_update_problem
from kallithea.vcs.git.wire import CHUNK, WireProcess, parse_protocol, receive_environment, upload_environment
from kallithea.vcs.types import VcsError

log = logging.getLogger(__name__)

Environ = Mapping[str, Any]

_COMMANDS = {GitService.UPLOAD: ("upload-pack", "--strict"), GitService.RECEIVE: ("receive-pack",)}
#: A request to fetch lists commits that both sides may have: this is room for 600,000 of them.
_LONGEST_FETCH_REQUEST = 64 << 20
_VERSION_2 = packet(b"version 2\n")
#: Refs that get their own reason when some are refused; with more, the whole push is.
_MOST_PROBLEMS = 100
_MISTAKES = re.compile(rb"protocol error|hung up unexpectedly|bad line length|unexpected EOF|invalid request")
_FAILED = "git failed on the server; its administrator finds the reason in the log."


class GitWire:
    """Answers requests for one repository, after ``gate.admit`` has let them in."""

    def __init__(self, application: Application, admitted: Admitted, environ: Environ, body: RequestBody) -> None:
        self._application = application
        self._admitted = admitted
        self._environ = environ
        self._body = body
        self._protocol = parse_protocol(environ.get("HTTP_GIT_PROTOCOL", ""))

    def advertise(self, service: GitService) -> Answer:
        """Tell the refs and what the server can do."""
        environment = (
            upload_environment(self._protocol)
            if service is GitService.UPLOAD
            else receive_environment(self._protocol, most_bytes=self._application.settings.push_size_limit)
        )
        process = self._start((*_COMMANDS[service], "--http-backend-info-refs"), environment)
        first = _first_output(process)
        if not first.startswith(_VERSION_2):
            first = packet(b"# service=%s\n" % service.encode()) + FLUSH + first
        return Answer("200 OK", f"application/x-{service}-advertisement", ProcessOutput(process, first))

    def send(self) -> Answer:
        """Send objects: a fetch or a clone. The request is put on disk, so that git reads it at its own pace."""
        self._require_type(GitService.UPLOAD)
        self._body.limit(_LONGEST_FETCH_REQUEST)
        with tempfile.TemporaryFile(prefix="kallithea-fetch-") as spool:
            while data := self._body.read():
                spool.write(data)
            spool.seek(0)
            command = (*_COMMANDS[GitService.UPLOAD], "--stateless-rpc")
            process = self._start(command, upload_environment(self._protocol), spool)
        first = _first_output(process)
        return Answer("200 OK", f"application/x-{GitService.UPLOAD}-result", ProcessOutput(process, first))

    def receive(self) -> Answer:
        """Receive objects and move refs: a push."""
        self._require_type(GitService.RECEIVE)
        try:
            request = read_push_request(self._body.read_exactly)
        except PacketError as problem:
            raise RefusedError(400, str(problem)) from problem
        if request.signed:
            raise RefusedError(403, "Signed pushes are not accepted: push without --signed.")
        if not request.updates:
            self._body.drain()
            return _result((b"",))
        problems = {update.name: words for update in request.updates if (words := find_update_problem(update))}
        if _refuses_all(request, problems):
            self._body.drain()
            return _result((refusal(request, problems, _sentences(problems)),))
        return self._receive(request, problems)

    def _receive(self, request: PushRequest, problems: Mapping[bytes, str]) -> Answer:
        push = Push(self._application, self._admitted)
        try:
            push.announce([update for update in request.updates if update.name not in problems])
        except UnavailableError as problem:
            self._body.drain()
            return _result((refusal(request, {}, [str(problem)]),))
        try:
            process = self._start_receiving(problems)
        except VcsError:
            push.settle(frozenset())
            raise
        try:
            _pump(process, request.raw, self._body)
            first = process.read()
        except (RequestLostError, RefusedError, VcsError):
            process.stop()
            push.settle(None)
            raise
        if not first:
            log.warning("git receive-pack said nothing: %s", process.errors.decode(errors="replace"))
            process.stop()
            push.settle(None)
            return _result((refusal(request, {}, [_FAILED]),))
        words = printed(_sentences(problems)) if request.side_band else b""
        return _result(PushOutput(process, first, words, ReportReader(request), push))

    def _start_receiving(self, problems: Mapping[bytes, str]) -> WireProcess:
        environment = receive_environment(
            self._protocol,
            most_bytes=self._application.settings.push_size_limit,
            hidden=[name for name in problems if name.startswith(PUSHABLE)],
        )
        return self._start((*_COMMANDS[GitService.RECEIVE], "--stateless-rpc"), environment)

    def _start(
        self, arguments: tuple[str, ...], environment: dict[str, str], request: BinaryIO | None = None
    ) -> WireProcess:
        application = self._application
        seconds = application.settings.wire_time_limit
        return WireProcess(
            application.vcs_options, self._admitted.folder, arguments, environment, seconds=seconds, request=request
        )

    def _require_type(self, service: GitService) -> None:
        """A form on another site can send a browser's remembered password along, but not with this type."""
        if self._environ.get("CONTENT_TYPE", "") != f"application/x-{service}-request":
            raise RefusedError(415, f"The content type must be application/x-{service}-request.")


class ProcessOutput:
    """The output of a process as a response. A client that goes away takes the process with it."""

    def __init__(self, process: WireProcess, first: bytes) -> None:
        self._process = process
        self._first = first

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        data, self._first = self._first or self._process.read(), b""
        if not data:
            self.close()
            raise StopIteration
        return data

    def close(self) -> None:
        """End the process if it still runs."""
        self._process.kill()


class PushOutput:
    """What receive-pack says, as a response of which the end waits until the push is recorded.

    A client that goes away does not stop a push: all of it has arrived, and git must not be ended between two refs.
    """

    def __init__(self, process: WireProcess, first: bytes, words: bytes, report: ReportReader, push: Push) -> None:
        self._process = process
        self._unseen = first
        self._held = words
        self._report = report
        self._push = push
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        # The closing flush is held back, and whatever comes before it goes out at once: git sends signs of life.
        while self._advance():
            if len(self._held) > len(FLUSH):
                return self._release(len(FLUSH))
        if self._held:
            return self._release(0)
        raise StopIteration

    def close(self) -> None:
        """Let git finish and record the push, if that has not happened yet."""
        while self._advance():
            self._held = b""

    def _advance(self) -> bool:
        """Take up the next output; False at its end, when the push is recorded."""
        if self._ended:
            return False
        try:
            data = self._unseen or self._process.read()
            if not data:
                self._process.finish()
        except VcsError:
            self._end()
            raise
        self._unseen = b""
        self._report.feed(data)
        self._held += data
        if not data:
            self._end()
        return bool(data)

    def _end(self) -> None:
        self._ended = True
        self._process.kill()
        self._push.settle(self._report.accepted)

    def _release(self, kept: int) -> bytes:
        end = len(self._held) - kept
        data, self._held = self._held[:end], self._held[end:]
        return data


def _pump(process: WireProcess, begin: bytes, body: RequestBody) -> None:
    """Give everything to the process; once it does not listen any more, read the rest all the same."""
    listening = process.feed(begin)
    while data := body.read(CHUNK):
        if listening:
            listening = process.feed(data)
    process.end_input()


def _first_output(process: WireProcess) -> bytes:
    """The beginning of the output.

    Raises VcsError when git failed without a word to the client, RefusedError if that is the request's fault.
    """
    try:
        first = process.read()
        if not first and process.finish() != 0:
            if _MISTAKES.search(process.errors):
                raise RefusedError(400, "The request is not in git's protocol.")
            log.warning("git failed: %s", process.errors.decode(errors="replace"))
            raise VcsError(_FAILED)
    except (VcsError, RefusedError):
        process.kill()
        raise
    return first


def _refuses_all(request: PushRequest, problems: Mapping[bytes, str]) -> bool:
    """Whether nothing of a push is to be done. Git itself counts a hidden ref as no failure of an atomic push."""
    if b"atomic" in request.capabilities and problems:
        return True
    return len(problems) == len(request.updates) or len(problems) > _MOST_PROBLEMS


def _sentences(problems: Mapping[bytes, str]) -> list[str]:
    shown = list(problems.items())[:_MOST_PROBLEMS]
    return [f"{name.decode(errors='replace')}: {words}" for name, words in shown]


def _result(body: tuple[bytes, ...] | PushOutput) -> Answer:
    return Answer("200 OK", f"application/x-{GitService.RECEIVE}-result", body)
