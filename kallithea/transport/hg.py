"""Mercurial's conversation over HTTP: one command a request; arguments in the address, in headers or in the body."""

import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

from kallithea.core.access import Level
from kallithea.services.application import Application
from kallithea.services.ref_moves import RefMove
from kallithea.transport.answers import Answer, RefusedError
from kallithea.transport.capacity import Capacity
from kallithea.transport.gate import Admitted, admit, require_still
from kallithea.transport.hg_reading import HgReading
from kallithea.transport.recognition import HgCommand
from kallithea.transport.request_body import RequestBody
from kallithea.vcs.hg.wire import WORDS, HgProtocolError, HgRefusedError, HgRequest, HgWire
from kallithea.vcs.hg.wire_commands import COMMANDS, LARGE_FILES, OUTDATED, Access, find_access
from kallithea.vcs.types import BusyError, Kind, RefUpdate

Environ = Mapping[str, Any]

_LONGEST_ARGUMENTS = 16 << 20
_MOST_DIGITS = 9
_MOST_ARGUMENTS = 1000
_UNKNOWN = "This command is not allowed on this server."


def answer_hg(application: Application, request: HgCommand, environ: Environ, body: RequestBody) -> Answer:
    """Answer one command. Raises RefusedError, and what reading the body raises."""
    access = COMMANDS.get(request.command)
    level = Level.WRITE if access is Access.WRITE else Level.READ
    admitted = admit(application, environ, request.repository, Kind.HG, level)
    if request.command in LARGE_FILES:
        raise RefusedError(403, "This server does not keep large files (largefiles extension).")
    if request.command in OUTDATED:
        raise RefusedError(403, "This version of Mercurial is too old for this server.")
    if access is None:
        raise RefusedError(403, _UNKNOWN)
    _require_type(environ)
    _require_plain(environ)
    arguments = _read_arguments(environ, body)
    access = find_access(request.command, arguments)
    if access is None:
        raise RefusedError(403, _UNKNOWN)
    hg_request = HgRequest(request.command, arguments, _capabilities(environ), admitted.actor.address, body.read)
    if access is Access.READ:
        return HgReading(application, admitted, environ, hg_request).answer()
    if environ["REQUEST_METHOD"] != "POST":
        raise RefusedError(405, "What changes a repository must be sent by POST.", (("Allow", "POST"),))
    admitted = admit(application, environ, request.repository, Kind.HG, Level.WRITE)
    return _push(application, environ, admitted, hg_request, body)


def _push(
    application: Application, environ: Environ, admitted: Admitted, request: HgRequest, body: RequestBody
) -> Answer:
    """Do what changes the repository; the answer is given when that is recorded."""
    body.limit(application.settings.push_size_limit)
    body.limit_time(application.settings.wire_time_limit)
    capacity = Capacity(application, admitted, environ)
    try:
        taken = capacity.take_push()
    except BusyError as problem:
        body.drain()
        return Answer("200 OK", WORDS, (f"{problem}\n".encode(),))
    push = RefMove(application, admitted.place, admitted.actor, is_wanted=lambda: not capacity.is_gone())

    def announce(updates: Sequence[RefUpdate]) -> None:
        require_still(application, environ, admitted, Level.WRITE)
        push.announce(updates)

    with taken:
        wire = HgWire(
            admitted.folder,
            announce,
            publishing=admitted.publishing,
            keep=lambda: push.settle_whole(moved=True),
            take_words=push.take_words,
        )
        try:
            answer = _answer(wire, request)
            body.drain()
        finally:
            push.settle_whole(moved=wire.moved)
    return answer


def _answer(wire: HgWire, request: HgRequest) -> Answer:
    try:
        answer = wire.answer(request)
        return Answer("200 OK", answer.content_type, tuple(answer.body))
    except HgRefusedError as problem:
        return Answer("200 OK", WORDS, (f"{problem}\n".encode(),))
    except HgProtocolError as problem:
        raise RefusedError(400, str(problem)) from problem
    finally:
        wire.close()


def _require_type(environ: Environ) -> None:
    """A form on another site can send a browser's remembered password along, but not with this type."""
    content_type = environ.get("CONTENT_TYPE", "")
    if environ["REQUEST_METHOD"] == "POST" and not content_type.startswith("application/mercurial-"):
        raise RefusedError(415, "The content type must be application/mercurial-0.1.")


def _require_plain(environ: Environ) -> None:
    """Bundles are compressed, requests never are: one that is would grow without a bound."""
    if environ.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in ("", "identity"):
        raise RefusedError(415, "Requests of Mercurial have no content encoding.")


def _read_arguments(environ: Environ, body: RequestBody) -> dict[bytes, bytes]:
    text = environ.get("QUERY_STRING", "")
    sent_in_body = environ.get("HTTP_X_HGARGS_POST", "")
    if sent_in_body:
        is_number = sent_in_body.isascii() and sent_in_body.isdecimal() and len(sent_in_body) <= _MOST_DIGITS
        if not is_number or int(sent_in_body) > _LONGEST_ARGUMENTS:
            raise RefusedError(400, "X-HgArgs-Post must be a number, and not too large.")
        text += "&" + body.read_exactly(int(sent_in_body)).decode("latin-1")
    else:
        text += "&" + _joined(environ, "HTTP_X_HGARG_")
    try:
        fields = urllib.parse.parse_qsl(
            text, keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_ARGUMENTS
        )
        return {name.encode("latin-1"): value.encode("latin-1") for name, value in fields}
    except ValueError as problem:
        raise RefusedError(400, "The request has too many arguments, or odd ones.") from problem


def _capabilities(environ: Environ) -> frozenset[bytes]:
    return frozenset(_joined(environ, "HTTP_X_HGPROTO_").encode("latin-1", "replace").split())


def _joined(environ: Environ, prefix: str) -> str:
    """A long value that came in numbered headers."""
    parts: list[str] = []
    while (part := environ.get(f"{prefix}{len(parts) + 1}")) is not None:
        parts.append(part)
    return "".join(parts)
