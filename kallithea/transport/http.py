"""The wire at the door: git and hg are answered here, everything else goes on to the pages.

Words and statuses of every refusal are made in one place, and no answer tells more than its words.
"""

import contextlib
import json
import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from kallithea.core.access import Level
from kallithea.core.addresses import client_address, network_of
from kallithea.core.errors import UnavailableError
from kallithea.core.storage import StorageError, find_storage_fault
from kallithea.core.vouched_names import strip_vouched_name
from kallithea.services.application import Application
from kallithea.services.traffic import find_watched
from kallithea.transport import git_fetch
from kallithea.transport.answers import Answer, RefusedError
from kallithea.transport.gate import admit
from kallithea.transport.git import GitWire
from kallithea.transport.git_push import receive
from kallithea.transport.hg import answer_hg
from kallithea.transport.recognition import (
    GitAdvertisement,
    GitExchange,
    GitFile,
    GitService,
    HgCommand,
    LargeFiles,
    WireRequest,
    find_wire_request,
)
from kallithea.transport.request_body import RequestBody, RequestLostError
from kallithea.transport.stalls import limit_stalls
from kallithea.vcs.types import BusyError, Kind, RepositoryMissingError, VcsError

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Environ: TypeAlias = dict[str, Any]

#: A client that is refused before it has sent everything shows the words only if the rest is taken from it.
_MOST_DRAINED = 64 << 20
_KINDS = {
    LargeFiles: "git-lfs",
    GitFile: "git-file",
    GitAdvertisement: "git-refs",
    GitExchange: "git-transfer",
    HgCommand: "hg",
}
_LEVELS = {GitService.UPLOAD: Level.READ, GitService.RECEIVE: Level.WRITE}
_METHODS = {GitAdvertisement: ("GET",), GitExchange: ("POST",), GitFile: ("GET", "HEAD"), HgCommand: ("GET", "POST")}


class WireApplication:
    """A WSGI application that keeps the requests of git and hg to itself and hands the others to ``pages``."""

    def __init__(self, application: Application, pages: "WSGIApplication") -> None:
        self._application = application
        self._pages = pages

    def __call__(self, environ: Environ, start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        strip_vouched_name(environ, self._application.settings)
        start_response = limit_stalls(environ, start_response, self._application.settings)
        try:
            request = find_wire_request(environ)
        except ValueError:
            request = None
        if request is None:
            return self._pages(environ, start_response)
        find_watched(environ).kind = _KINDS[type(request)]
        answer = self._answer(request, environ)
        start_response(answer.status, answer.all_headers)
        # HEAD is always refused here: there is nothing to close.
        return () if environ["REQUEST_METHOD"] == "HEAD" else answer.body

    def find_network(self, environ: Mapping[str, Any]) -> str:
        """The network that a request comes from, for a server that does not want to serve one alone."""
        return network_of(client_address(environ, self._application.settings))

    def _answer(self, request: WireRequest, environ: Environ) -> Answer:
        try:
            with contextlib.closing(RequestBody(environ, self._application.settings.receive_timeout)) as body:
                return self._dispatch(request, environ, body)
        except RefusedError as refused:
            return refused.answer()
        except RequestLostError as problem:
            log.info("a request was given up: %s", problem)
            return RefusedError(400, "The request ended early.").answer()
        except Exception as problem:  # the outermost loop of a request: whatever it is, the client gets words
            if isinstance(problem, StorageError):
                log.warning("%r was refused, since nothing can be stored: %s", request, problem.describe())
            elif not isinstance(problem, UnavailableError | BusyError):
                log.exception("%r failed", request)
            return _refusal_of(problem).answer()

    def _dispatch(self, request: WireRequest, environ: Environ, body: RequestBody) -> Answer:
        _require_method(request, environ)
        try:
            return self._admit_and_answer(request, environ, body)
        except RefusedError:
            # who sends too slowly to hear of this is told it without
            with contextlib.suppress(RefusedError):
                body.drain(_MOST_DRAINED)
            raise

    def _admit_and_answer(self, request: WireRequest, environ: Environ, body: RequestBody) -> Answer:
        application = self._application
        match request:
            case LargeFiles():
                return _no_large_files()
            case HgCommand():
                return answer_hg(application, request, environ, body)
            case GitFile(repository):
                admit(application, environ, repository, Kind.GIT, Level.READ)
                raise RefusedError(403, "Only git's smart protocol is served: use git 1.6.6 or newer.")
            case GitAdvertisement(repository, service):
                admitted = admit(application, environ, repository, Kind.GIT, _LEVELS[service])
                wire = GitWire(application, admitted, environ, body)
                return git_fetch.advertise(wire) if service is GitService.UPLOAD else wire.advertise(service)
            case GitExchange(repository, service):
                admitted = admit(application, environ, repository, Kind.GIT, _LEVELS[service])
                wire = GitWire(application, admitted, environ, body)
                return git_fetch.send(wire) if service is GitService.UPLOAD else receive(wire)


def _refusal_of(problem: Exception) -> RefusedError:
    """What a client is told; of what nobody foresaw, that the log has the rest."""
    match problem:
        case StorageError(full=True):
            return RefusedError(507, str(problem))
        case UnavailableError() | BusyError() | RepositoryMissingError():
            return RefusedError(503, str(problem))
        case VcsError():
            return RefusedError(500, str(problem))
        case OSError() if fault := find_storage_fault(problem):
            return _refusal_of(StorageError(fault))
        case _:
            return RefusedError(500, "The server failed; its log tells why.")


def _require_method(request: WireRequest, environ: Environ) -> None:
    allowed = _METHODS.get(type(request), (environ["REQUEST_METHOD"],))
    if environ["REQUEST_METHOD"] not in allowed:
        raise RefusedError(405, "This method is not used here.", (("Allow", ", ".join(allowed)),))


def _no_large_files() -> Answer:
    """Git LFS shows ``message``; the same for every address, so that nothing is learnt about repositories."""
    message = json.dumps({"message": "This server does not keep large files (Git LFS)."}).encode()
    return Answer("501 Not Implemented", "application/vnd.git-lfs+json", (message,))
