"""Mercurial's wire protocol over HTTP, version 1, in this process (``hg help internals.wireprotocol``).

Each request opens the repository afresh and shows it as visitors see it: without secret and hidden changesets.
"""

import contextlib
import os
import pathlib
import tempfile
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO, Any

from kallithea.core.memory import release_memory
from kallithea.vcs.durability import sync_file_system
from kallithea.vcs.hg.announcing import Announcing
from kallithea.vcs.hg.changing import recover, unwritten
from kallithea.vcs.hg.mercurial_setup import close_local, error, new_ui, open_local
from kallithea.vcs.hg.remote_bounds import OversizeError, read_bundle
from kallithea.vcs.hg.wire_commands import Access, find_access
from kallithea.vcs.types import VcsError
from kallithea.vcs.writing import Announce

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import exchange, wireprotoserver, wireprototypes, wireprotov1server
from mercurial.utils import compression

PLAIN, COMPRESSED, WORDS = "application/mercurial-0.1", "application/mercurial-0.2", "application/hg-error"

_CHUNK = 65536
#: Bytes of a transfer that is worth cleaning up after.
_MUCH = 4 << 20
#: Stands for a working copy, which a server does not have; some commands would take it for damage.
_WORKING_COPY = b"f" * 40
_SETTINGS: dict[tuple[bytes, bytes], bytes] = {
    # An incomplete bundle is refused instead of stored.
    (b"server", b"validate"): b"yes",
    # Mercurial's own file for it has a name, which a killed process leaves for ever: see ``getpayload``.
    (b"server", b"streamunbundle"): b"yes",
}


class _BoundedExchange:
    """``mercurial.exchange`` as the commands of clients know it: what is pushed is read within bounds."""

    readbundle = staticmethod(read_bundle)

    def __getattr__(self, name: str) -> Any:
        return getattr(exchange, name)


wireprotov1server.exchange = _BoundedExchange()


class HgProtocolError(VcsError):
    """A request that is not in Mercurial's protocol."""


class HgRefusedError(VcsError):
    """Mercurial refused, or could not do, what was asked; the message is what its client shows."""


@dataclass(frozen=True, slots=True)
class HgRequest:
    """A command as it came. ``read`` gives the rest of the body in pieces and b"" at its end.

    ``capabilities`` are the client's, from its ``X-HgProto`` headers.
    """

    command: bytes
    arguments: dict[bytes, bytes]
    capabilities: frozenset[bytes]
    address: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class HgAnswer:
    """Content type and body: whole, or an iterator that keeps the repository open until it is exhausted or closed."""

    content_type: str
    body: tuple[bytes, ...] | Iterator[bytes]


def offers_streams(path: pathlib.Path) -> bool:
    """Whether the files of a repository's store are sent as they are: for that it has to be locked for a moment."""
    return os.access(path / ".hg" / "store", os.W_OK)


class HgWire:
    """A repository that speaks to one client.

    ``announce`` is called inside a transaction, before it is kept, with what it moves; raising KallitheaError there
    undoes it. ``moved`` tells afterwards whether it was kept.
    """

    def __init__(
        self,
        path: pathlib.Path,
        announce: Announce | None = None,
        *,
        publishing: bool = True,
        arguments_in_body: bool = True,
        keep: Callable[[], None] = lambda: None,
        take_words: Callable[[], bytes] = lambda: b"",
    ) -> None:
        """Without ``announce`` nothing can be written. Raises RepositoryMissingError, VcsError.

        Unless the repository is ``publishing``, drafts stay what they are, here and in its clients.
        ``arguments_in_body`` lets the client send arguments there, since lists of many heads do not fit into headers,
        whose number web servers bound. A client that has not signed in must not: asked to do so when it pushes, it
        would repeat the request without its body. ``keep`` is called after each transaction that is on the disk; what
        ``take_words`` gives then, and after ``announce``, the client prints.
        """
        self._keep = keep
        self._synced = False
        self._sync_problem: OSError | None = None
        self._path = path
        self._announce = announce
        self._traffic = 0
        ui = new_ui()
        for (section, name), value in _SETTINGS.items():
            ui.setconfig(section, name, value, b"kallithea")
        ui.setconfig(b"phases", b"publish", publishing, b"kallithea")
        ui.setconfig(b"server", b"uncompressed", offers_streams(path), b"kallithea")
        ui.setconfig(b"experimental", b"httppostargs", arguments_in_body, b"kallithea")
        ui.setconfig(b"ui", b"quiet", b"no", b"kallithea")
        self._announcing = Announcing(path, ui, announce, self._sync, take_words)
        self._repository: Any = _discreet(open_local(path, ui))

    @property
    def moved(self) -> bool:
        """Whether a transaction was kept."""
        return self._announcing.moved

    def close(self) -> None:
        """Free file handles, and memory at once after a large transfer. Does nothing the second time."""
        if self._repository is None:
            return
        close_local(self._repository)
        self._repository = None
        if self._traffic > _MUCH:
            # Mercurial's repository objects refer to each other in circles, and hold much of what they have read.
            release_memory()

    def answer(self, request: HgRequest) -> HgAnswer:
        """Do what the request asks. Raises HgProtocolError, HgRefusedError, and what ``request.read`` raises."""
        access = find_access(request.command, request.arguments)
        if access is None or (access is Access.WRITE and self._announce is None):
            raise HgProtocolError("The command is not allowed here.")
        if any(_WORKING_COPY in value for value in request.arguments.values()):
            raise HgRefusedError("There is no such changeset.")
        if access is Access.WRITE:
            with _translated():
                recover(self._repository)
        protocol = _Protocol(replace(request, read=lambda: self._count(request.read())), self._repository.ui)
        if not wireprotov1server.commands.commandavailable(request.command, protocol):
            raise HgRefusedError("This server does not have the command.")
        with _translated():
            response = wireprotov1server.dispatch(self._repository, protocol, request.command)
            if self._sync_problem is not None:
                # Mercurial passes over what fails in a hook, and the system tells of it once.
                raise self._sync_problem
            if self.moved and not self._synced:
                sync_file_system(self._path)
            return self._encoded(response, request.capabilities)

    def _sync(self) -> None:
        self._synced = False
        try:
            sync_file_system(self._path)
        except OSError as problem:
            self._sync_problem = problem
            raise
        self._synced = True
        self._keep()

    def _encoded(self, response: Any, capabilities: frozenset[bytes]) -> HgAnswer:
        if isinstance(response, wireprototypes.ooberror):
            return HgAnswer(WORDS, (response.message,))
        if isinstance(response, wireprototypes.streamreslegacy):
            return HgAnswer(PLAIN, self._streamed(response.gen))
        if isinstance(response, wireprototypes.streamres):
            return self._compressed(response, capabilities)
        return HgAnswer(PLAIN, (_whole(response),))

    def _compressed(self, response: Any, capabilities: frozenset[bytes]) -> HgAnswer:
        """A long answer in the best way that the client understands."""
        if b"0.2" not in capabilities:
            engine = compression.compengines[b"zlib"]
            return HgAnswer(PLAIN, self._streamed(engine.compressstream(response.gen, {})))
        engine = compression.compengines[b"none"]
        if not response.prefer_uncompressed:
            engine = _choose_engine(self._repository.ui, capabilities)
        name = engine.wireprotosupport().name
        body = self._streamed(engine.compressstream(response.gen, {}), begin=bytes([len(name)]) + name)
        return HgAnswer(COMPRESSED, body)

    def _streamed(self, pieces: Iterator[Any], begin: bytes = b"") -> Iterator[bytes]:
        """The same bytes in large chunks."""
        pending = bytearray(begin)
        try:
            with _translated():
                for piece in pieces:
                    pending += piece
                    if len(pending) >= _CHUNK:
                        yield self._count(bytes(pending))
                        pending.clear()
            if pending:
                yield bytes(pending)
        finally:
            self.close()

    def _count(self, data: bytes) -> bytes:
        self._traffic += len(data)
        return data


class _Protocol:
    """What Mercurial's commands ask of the connection: ``wireprototypes.baseprotocolhandler``."""

    name = b"http-v1"

    def __init__(self, request: HgRequest, ui: Any) -> None:
        self._request = request
        self._original = wireprotoserver.httpv1protocolhandler(None, ui, None)

    def getargs(self, names: bytes) -> list[Any]:
        """Values in the order of the names; ``*`` takes those that are not named."""
        wanted = names.split()
        given = self._request.arguments
        others = {name: value for name, value in given.items() if name not in wanted and name != b"cmd"}
        try:
            return [others if name == b"*" else given[name] for name in wanted]
        except KeyError as problem:
            raise HgProtocolError(self._explain_missing()) from problem

    def _explain_missing(self) -> str:
        """A client whose idle connection was closed sends the rest of a bundle, where its arguments should be."""
        if self._request.command == b"unbundle":
            return (
                "The beginning of the push is missing. Its connection was closed while hg prepared it: push again, "
                "or raise the server's keep-alive time."
            )
        return "An argument of the command is missing."

    def getprotocaps(self) -> frozenset[bytes]:
        """What the client can do."""
        return self._request.capabilities

    def getpayload(self) -> Iterator[bytes]:
        """The bundle of a push, once all of it has come: from now on the repository is locked.

        It lies in a file without a name, which ends with the process.
        """
        with contextlib.ExitStack() as resources:
            spool = resources.enter_context(tempfile.TemporaryFile(prefix="kallithea-push-"))
            while data := self._request.read():
                spool.write(data)
            spool.seek(0)
            resources.pop_all()
        return _pieces(spool)

    def mayberedirectstdio(self) -> Any:
        """Collect what Mercurial says, for the client."""
        return self._original.mayberedirectstdio()

    def client(self) -> bytes:
        """Where the push comes from; it must begin so for the client to be shown what Mercurial says."""
        return b"remote:http:%s:" % urllib.parse.quote(self._request.address).encode()

    def addcapabilities(self, repo: Any, capabilities: Any) -> Any:
        """What the transport can do."""
        return self._original.addcapabilities(repo, capabilities)

    def checkperm(self, permission: bytes) -> None:
        """Nothing: ``find_access`` has looked at the command and at all parts of a batch."""


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while data := file.read(_CHUNK):
            yield data


def _discreet(repository: Any) -> Any:
    """The repository, which does not tell hidden and secret changesets from ones that do not exist."""

    class DiscreetRepository(repository.__class__):  # type: ignore[misc]  # untyped
        def lookup(self, key: Any) -> Any:
            try:
                return super().lookup(key)
            except (error.LookupError, error.RepoLookupError) as problem:
                raise error.RepoLookupError(b"unknown revision '%s'" % key) from problem

    # Its filtered views are made from this class.
    repository.__class__ = DiscreetRepository
    return repository


def _choose_engine(ui: Any, capabilities: frozenset[bytes]) -> Any:
    understood = [b"zlib", b"none"]
    for capability in capabilities:
        if capability.startswith(b"comp="):
            understood = capability.removeprefix(b"comp=").split(b",")
    ours = wireprototypes.supportedcompengines(ui, compression.SERVERROLE)
    found = (engine for engine in ours if engine.wireprotosupport().name in understood)
    return next(found, compression.compengines[b"none"])


def _whole(response: Any) -> bytes:
    """The bytes of an answer that is not streamed."""
    if isinstance(response, bytes):
        return response
    if isinstance(response, wireprototypes.pushres):
        # a bundle from which nothing followed has no result
        return b"%d\n%s" % (response.res or 0, response.output)
    if isinstance(response, wireprototypes.pusherr):
        return b"0\n%s\n" % bytes(response.res)
    return bytes(response.data)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn what Mercurial raises for a client's mistake or a repository's trouble into words for the client."""
    try:
        yield
    except OversizeError as problem:
        raise HgRefusedError(
            f"The push has more than {problem.most >> 20} MiB in one piece, such as a file, which is not read here."
        ) from problem
    except (error.Abort, error.PushRaced) as problem:
        raise HgRefusedError(_text(problem)) from problem
    except error.LockUnavailable as problem:
        raise unwritten(problem) from problem
    except error.LockError as problem:
        raise HgRefusedError("Somebody else is changing the repository; try again later.") from problem
    except (error.LookupError, error.RepoLookupError, error.WdirUnsupported) as problem:
        raise HgRefusedError("There is no such changeset.") from problem
    except (error.StorageError, error.RepoError) as problem:
        raise VcsError("The repository is damaged or cannot be read.") from problem
    except (ValueError, KeyError, IndexError) as problem:
        raise HgProtocolError("The request is not in Mercurial's protocol.") from problem


def _text(problem: Any) -> str:
    message = getattr(problem, "message", None) or bytes(str(problem), "utf-8", "surrogateescape")
    hint = getattr(problem, "hint", None)
    return (message + (b"\n(%s)" % hint if hint else b"")).decode(errors="replace")
