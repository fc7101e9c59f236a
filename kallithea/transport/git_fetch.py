"""Fetching with git: refs and objects that somebody was told or sent before are not made again.

What git says is kept under the fingerprint of the refs that it saw. Refs are told from one listing of them. Objects are
written by git into a file, from which everybody who asks for the same is answered, also while it is written: git never
waits for a client, and a slow client holds a file instead of a process.
"""

import contextlib
import hashlib
import tempfile
import threading
import time
from collections.abc import Callable
from typing import BinaryIO, cast

from kallithea.cache.growing_store import GrowingStore, LostError, Production
from kallithea.cache.turns import take_turn
from kallithea.transport.answers import Answer
from kallithea.transport.git import FAILED, FETCHED, GitWire, explain_failure
from kallithea.transport.recognition import GitService
from kallithea.transport.sharing import answer_from
from kallithea.vcs.git.fetch_request import RefsQuestion, meaning_of, parse_refs_question, split_request
from kallithea.vcs.git.pkt_line import PacketError
from kallithea.vcs.git.ref_files import fingerprint_of_refs
from kallithea.vcs.git.ref_listing import tell_refs, whole_question
from kallithea.vcs.git.wire import upload_environment, upload_to_file
from kallithea.vcs.types import VcsError

#: A request to fetch lists commits that both sides may have: this is room for 600,000 of them.
_LONGEST_REQUEST = 64 << 20
# A longer request, with thousands of commits that only one client has, is nobody else's.
_LONGEST_SHARED = 1 << 18
_FORMAT = 1
_ADVERTISEMENT = f"application/x-{GitService.UPLOAD}-advertisement"
# How long the first of many waits for another that asks git about the refs, and how often a producer looks around.
_TURN_SECONDS = 20.0
_LOOK_SECONDS = 1.0


def advertise(wire: GitWire) -> Answer:
    """Tell those who fetch what the server can do and, in older versions, which refs there are."""
    told = _keep(wire, f"advertisement:{wire.protocol}", lambda: b"".join(wire.advertise(GitService.UPLOAD).body))
    return Answer("200 OK", _ADVERTISEMENT, (told,))


def send(wire: GitWire) -> Answer:
    """Answer the second request of somebody who fetches: about refs, or for objects."""
    wire.require_type(GitService.UPLOAD)
    wire.body.limit(_LONGEST_REQUEST)
    with tempfile.SpooledTemporaryFile(_LONGEST_SHARED, prefix="kallithea-fetch-") as spool:
        while data := wire.body.read():
            spool.write(data)
        length = spool.tell()
        spool.seek(0)
        lines = _split(spool.read()) if length <= _LONGEST_SHARED else ()
        question = parse_refs_question(lines) if wire.protocol == "version=2" else None
        if question is not None:
            return Answer("200 OK", FETCHED, (_tell(wire, question),))
        # Over to the disk, where git can read it.
        spool.rollover()
        spool.seek(0)
        store = wire.application.packs
        if store is None or not lines:
            return wire.send(cast(BinaryIO, spool))
        return _send_shared(wire, store, lines, cast(BinaryIO, spool))


def _split(request: bytes) -> tuple[bytes, ...]:
    """Nothing for what only git can explain."""
    with contextlib.suppress(PacketError):
        return split_request(request)
    return ()


def _tell(wire: GitWire, question: RefsQuestion) -> bytes:
    """An answer about refs, from git's own about all of them; clients put the same questions again and again."""
    store, key = wire.application.caches.small, _key(wire, f"told:{question}")
    told = store.get(key)
    if told is None:
        whole = whole_question(question.object_format)
        told = tell_refs(_keep(wire, f"refs:{question.object_format!r}", lambda: _ask(wire, whole)), question)
        store.put(key, told)
    return told


def _keep(wire: GitWire, name: str, make: Callable[[], bytes]) -> bytes:
    """What is kept under a name for the refs as they are now; of several requests at once one makes it."""
    store, key = wire.application.caches.small, _key(wire, name)
    kept = store.get(key)
    if kept is None:
        with take_turn(wire.application.caches.turns, key, wait_seconds=_TURN_SECONDS):
            kept = store.get(key) or make()
            store.put(key, kept)
    return kept


def _key(wire: GitWire, name: str) -> str:
    return f"git-told:{_FORMAT}:{wire.admitted.repository_id}:{name}:{_fingerprint(wire)}"


def _ask(wire: GitWire, request: bytes) -> bytes:
    with tempfile.TemporaryFile(prefix="kallithea-fetch-") as spool:
        spool.write(request)
        spool.seek(0)
        return wire.ask(spool)


def _fingerprint(wire: GitWire) -> str:
    return fingerprint_of_refs(wire.admitted.folder)


def _send_shared(wire: GitWire, store: GrowingStore, lines: tuple[bytes, ...], request: BinaryIO) -> Answer:
    meaning = hashlib.blake2b(repr(meaning_of(lines)).encode(), digest_size=32).hexdigest()
    key = f"{_FORMAT}:{wire.admitted.repository_id}:{wire.protocol}:{_fingerprint(wire)}:{meaning}"
    try:
        reader, production = store.open(key)
    except OSError:
        # There may be no room; git can still send.
        return wire.send(request)
    maker = None
    try:
        if production is not None:
            maker = _Maker(wire, production, request)
        return answer_from(reader, FETCHED, wire.environ)
    except LostError as problem:
        raise (maker.explain() if maker is not None else VcsError(FAILED)) from problem
    except BaseException:
        reader.close()
        raise


class _Maker:
    """Has git write a file, until it is whole or nobody waits for it any more."""

    def __init__(self, wire: GitWire, production: Production, request: BinaryIO) -> None:
        self._production = production
        self._deadline = time.monotonic() + wire.application.settings.wire_time_limit
        try:
            self._child = upload_to_file(
                wire.application.vcs_options,
                wire.admitted.folder,
                upload_environment(wire.protocol),
                request,
                production.fileno(),
            )
        except BaseException:
            production.give_up()
            raise
        self._thread = threading.Thread(target=self._watch, name="kallithea-pack", daemon=True)
        self._thread.start()

    def explain(self) -> Exception:
        """Why nothing was made."""
        self._thread.join()
        return explain_failure(self._child.errors)

    def _watch(self) -> None:
        whole = False
        try:
            while self._child.errors_open and time.monotonic() < self._deadline and self._production.is_wanted():
                self._child.look({}, _LOOK_SECONDS)
            if not self._child.errors_open:
                whole = self._child.wait_for_end(_LOOK_SECONDS) == 0
        except TimeoutError:
            whole = False
        finally:
            self._child.kill()
            if whole:
                self._production.finish()
            else:
                self._production.give_up()
