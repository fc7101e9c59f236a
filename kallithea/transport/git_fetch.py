"""Fetching with git: refs and objects that somebody was told or sent before are not made again.

What git says is kept under the fingerprint of the refs that it saw. Refs are told from one listing of them. Objects are
written by git into a file, from which everybody who asks for the same is answered, also while it is written: git never
waits for a client, and a slow client holds a file instead of a process.
"""

import contextlib
import hashlib
import tempfile
from collections.abc import Callable
from typing import BinaryIO, TypeAlias, cast

from kallithea.cache.growing_store import GrowingStore, LostError, Production
from kallithea.cache.turns import take_turn
from kallithea.transport.answers import Answer
from kallithea.transport.git import FETCHED, GitWire
from kallithea.transport.git_maker import Maker
from kallithea.transport.recognition import GitService
from kallithea.transport.sharing import Turn, answer_from
from kallithea.vcs.fingerprint import fingerprint_of
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.fetch_request import RefsQuestion, asks_for_all, meaning_of, parse_refs_question, split_request
from kallithea.vcs.git.packs import list_packs
from kallithea.vcs.git.pkt_line import BAND_ERROR, BAND_WORDS, PacketError, packet
from kallithea.vcs.git.program import program_state
from kallithea.vcs.git.ref_files import fingerprint_of_refs
from kallithea.vcs.git.ref_listing import tell_refs, whole_question
from kallithea.vcs.types import BusyError

Spool: TypeAlias = tempfile.SpooledTemporaryFile[bytes]

#: A request to fetch lists commits that both sides may have: this is room for 600,000 of them.
_LONGEST_REQUEST = 64 << 20
# A longer request, with thousands of commits that only one client has, is nobody else's.
_LONGEST_SHARED = 1 << 18
# Is another one where git is started in another way (``vcs/git/wire.py``), too.
_FORMAT = 3
_VERSION_2 = "version=2"
# Files that these include are not looked at: nobody but an operator makes such ones.
_CONFIGURATION = ("config", "config.worktree")
_SIDE_BAND_ALL = b"sideband-all"
_ADVERTISEMENT = f"application/x-{GitService.UPLOAD}-advertisement"
# How long the first of many waits for another that asks git about the refs.
_TURN_SECONDS = 20.0


def advertise(wire: GitWire) -> Answer:
    """Tell those who fetch what the server can do and, in older versions, which refs there are."""
    protocol = wire.protocol
    key = _key(wire, f"advertisement:{protocol}", _state_beside_refs if protocol == _VERSION_2 else _fingerprint)
    told = _keep(wire, key, lambda: b"".join(wire.advertise(GitService.UPLOAD).body))
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
        question = parse_refs_question(lines) if wire.protocol == _VERSION_2 else None
        if question is not None:
            return Answer("200 OK", FETCHED, (_tell(wire, question),))
        store = wire.application.packs
        if store is None or not lines:
            return _send_alone(wire, lines, spool)
        return _send_shared(wire, store, lines, spool)


def _on_disk(spool: Spool) -> BinaryIO:
    """A request where git can read it; most are answered without git."""
    spool.rollover()
    spool.seek(0)
    return cast(BinaryIO, spool)


def _split(request: bytes) -> tuple[bytes, ...]:
    """Nothing for what only git can explain."""
    with contextlib.suppress(PacketError):
        return split_request(request)
    return ()


def _tell(wire: GitWire, question: RefsQuestion) -> bytes:
    """An answer about refs, from git's own about all of them; clients put the same questions again and again."""
    store, key = wire.application.told, _key(wire, f"told:{question}", _fingerprint)
    told = store.get(key)
    if told is None:
        whole = whole_question(question.object_format)
        whole_key = _key(wire, f"refs:{question.object_format!r}", _fingerprint)
        told = tell_refs(_keep(wire, whole_key, lambda: _ask(wire, whole)), question)
        store.put(key, told)
    return told


def _keep(wire: GitWire, key: str, make: Callable[[], bytes]) -> bytes:
    """What is kept under a key; of several requests at once one makes it."""
    store = wire.application.told
    kept = store.get(key)
    if kept is None:
        with take_turn(wire.application.caches.turns, key, wait_seconds=_TURN_SECONDS):
            kept = store.get(key) or make()
            store.put(key, kept)
    return kept


def _key(wire: GitWire, name: str, state: Callable[[GitWire], str]) -> str:
    # what a newer git can do is told as soon as it is there
    program = program_state(wire.application.vcs_options)
    return f"git-told:{_FORMAT}:{wire.admitted.repository_id}:{name}:{program}:{state(wire)}"


def _ask(wire: GitWire, request: bytes) -> bytes:
    with tempfile.TemporaryFile(prefix="kallithea-fetch-") as spool:
        spool.write(request)
        spool.seek(0)
        return wire.ask(spool)


def _fingerprint(wire: GitWire) -> str:
    """Of the refs, and of the repository's own configuration, which can hide some of them."""
    return fingerprint_of_refs(git_folder(wire.admitted.folder), *_CONFIGURATION)


def _state_beside_refs(wire: GitWire) -> str:
    """Of what decides what git can do with the repository, which is all that is told first since version 2."""
    return fingerprint_of(git_folder(wire.admitted.folder), ("HEAD", *_CONFIGURATION))


def _send_shared(wire: GitWire, store: GrowingStore, lines: tuple[bytes, ...], request: Spool) -> Answer:
    meaning = hashlib.blake2b(repr(meaning_of(lines)).encode(), digest_size=32).hexdigest()
    key = f"{_FORMAT}:{wire.admitted.repository_id}:{wire.protocol}:{_fingerprint(wire)}:{meaning}"
    try:
        reader, production = store.open(key, _most_bytes(wire, lines))
    except OSError:
        # There may be no room; git can still send.
        return _send_alone(wire, lines, request)
    maker = None
    try:
        if production is not None:
            maker = _have_made(wire, production, request, key)
        turn = _TURN if _can_be_told(lines) else None
        return answer_from(reader, FETCHED, wire.capacity, key, turn, _is_error)
    except BusyError as problem:
        return _busy(str(problem), lines)
    except LostError as problem:
        if maker is None or maker.has_told():
            # Who made it for all has given up; git tells this client why.
            return _send_alone(wire, lines, request)
        raise maker.explain() from problem
    except BaseException:
        reader.close()
        raise


def _have_made(wire: GitWire, production: Production, request: Spool, key: str) -> Maker:
    try:
        return Maker(wire, production, _on_disk(request), key)
    except BaseException:
        # Whoever asks for the same would wait for it as long as this process lives.
        production.give_up()
        raise


def _is_error(beginning: bytes) -> bool:
    """Whether git tells in its first line that it sends nothing (gitprotocol-pack, "error-line")."""
    return beginning[4:8] == b"ERR "


def _most_bytes(wire: GitWire, lines: tuple[bytes, ...]) -> int:
    """How many are sent at most; 0 where nobody can tell before git has made them."""
    if not asks_for_all(lines):
        return 0
    return sum(pack.size for pack in list_packs(git_folder(wire.admitted.folder)) if not pack.cruft)


def _send_alone(wire: GitWire, lines: tuple[bytes, ...], request: Spool) -> Answer:
    try:
        return wire.send(_on_disk(request))
    except BusyError as problem:
        return _busy(str(problem), lines)


def _can_be_told(lines: tuple[bytes, ...]) -> bool:
    """Whether the client takes words before anything else, and its user wants to read them (gitprotocol-v2)."""
    return _SIDE_BAND_ALL in lines and b"no-progress" not in lines


def _say(before: int) -> bytes:
    """What git prints as ``remote: ...``.

    Before version 2.45 it takes away a line end and then prints nothing until the next one: hence both kinds of them.
    """
    return packet(BAND_WORDS + b"waiting for a slot (%d before you)\r\n" % before)


def _refuse(words: str) -> bytes:
    return packet(BAND_ERROR + words.encode())


_TURN = Turn(say=_say, fail=_refuse)


def _busy(words: str, lines: tuple[bytes, ...]) -> Answer:
    """A refusal within the protocol: of one by status, git would print the number and no word."""
    refusal = _refuse(words) if _SIDE_BAND_ALL in lines else packet(b"ERR " + words.encode())
    return Answer("200 OK", FETCHED, (refusal,))
