"""A Mercurial repository elsewhere as Mercurial's own client sees it, over connections of ours.

Mercurial's opener of addresses, with its proxies, password prompts and files of the user, is not used.
"""

import contextlib
import http.client
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kallithea.core.words import _
from kallithea.vcs.hg.mercurial_setup import new_ui
from kallithea.vcs.hg.remote_bounds import BoundedPipe, BoundedStream, Whole, bound_bundles
from kallithea.vcs.remote import RemoteError, RemoteSource
from kallithea.vcs.remote_guard import Guard
from kallithea.vcs.remote_hosts import PinnedHost, Sockets, pin_host
from kallithea.vcs.remote_http import follow_redirects, make_opener
from kallithea.vcs.ssh import ssh_arguments

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import httppeer, sshpeer
from mercurial.utils import urlutil

_SUFFIX = "?cmd=capabilities"
_MEDIA = "application/mercurial-"
_SAFE_PATH = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%_+=:,./-~"


@contextlib.contextmanager
def open_peer(source: RemoteSource, guard: Guard) -> Iterator[Any]:
    """The peer, which waits for the other side no longer than the guard allows. Raises RemoteError."""
    if source.address.scheme == "ssh":
        with _open_ssh(source, guard) as peer:
            yield peer
        return
    if source.address.scheme not in ("http", "https"):
        raise RemoteError(_("Mercurial repositories are fetched over https, http or ssh."))
    with _open_http(source, guard) as peer:
        yield peer


@contextlib.contextmanager
def _open_http(source: RemoteSource, guard: Guard) -> Iterator[Any]:
    found = follow_redirects(source, _SUFFIX, lambda content_type: content_type.startswith(_MEDIA), guard)
    if str(found.source.address) != str(source.address):
        guard.say(f"the address leads to {found.source.address}")
    answers, sockets = list[http.client.HTTPResponse](), Sockets()

    class Response(http.client.HTTPResponse):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            answers.append(self)

        def read(self, amt: int | None = None) -> bytes:
            if amt is None:
                return Whole().read(self.read)
            data = super().read(amt)
            guard.receive(len(data))
            return data

        def unbufferedread(self, size: int) -> bytes:
            return BoundedStream(self).unbufferedread(size)

    opener = make_opener(found.source, found.pinned, sockets, Response)
    path = _path(str(found.source.address).rstrip("/"))
    try:
        with guard.watching(sockets.end):
            peer = httppeer._make_peer(new_ui(), path, opener)  # noqa: SLF001 - the one that takes an opener
            bound_bundles(peer)
            yield peer
    finally:
        # Mercurial does not read every answer to its end, which would close it.
        for answer in answers:
            answer.close()


@contextlib.contextmanager
def _open_ssh(source: RemoteSource, guard: Guard) -> Iterator[Any]:
    pinned = pin_host(source.address, source.rules).narrowed()
    with _ssh_process(source, pinned) as process, guard.watching(process.kill):
        path = _path(str(replace(source.address, user="")))
        output = BoundedPipe(process.stdout)
        peer = sshpeer._make_peer(  # noqa: SLF001 - the one that takes pipes
            new_ui(), path, process, process.stdin, output, process.stderr
        )
        bound_bundles(peer)
        try:
            yield peer
        finally:
            peer.close()


@contextlib.contextmanager
def _ssh_process(source: RemoteSource, pinned: PinnedHost) -> Iterator[subprocess.Popen[bytes]]:
    remote = source.address.path[1:] or "."
    if set(remote) - set(_SAFE_PATH):
        raise RemoteError(_("A path over ssh may have letters, digits and @ % _ + = : , . / - ~ only."))
    command = [*ssh_arguments(source.rules.ssh, pinned), f"hg -R {remote} serve --stdio"]
    try:
        process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": "/nonexistent"},
            start_new_session=True,
        )
    except OSError as problem:
        raise RemoteError(_("The ssh program could not be started.")) from problem
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _path(url: str) -> Any:
    return urlutil.path(new_ui(), None, url.encode("ascii"), validate_path=False)
