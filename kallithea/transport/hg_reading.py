"""Reading with hg: what somebody was told or sent before is not made again while nothing has changed.

Short answers, such as those to polls, are kept as they are. Long ones, bundles and streams, are written into a file by
a thread of the process that was asked first; everybody reads that file, also while it grows.
"""

import contextlib
import contextvars
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kallithea.cache.growing_store import GrowingStore, LostError, Production
from kallithea.cache.slots import Taken
from kallithea.services.application import Application
from kallithea.services.clone_bundles import CloneBundles
from kallithea.transport.answers import Answer, RefusedError
from kallithea.transport.capacity import Capacity
from kallithea.transport.gate import Admitted
from kallithea.transport.sharing import answer_from
from kallithea.vcs.hg.changing import recover_abandoned
from kallithea.vcs.hg.clone_bundles import SPECIFICATION
from kallithea.vcs.hg.mercurial_setup import program_state
from kallithea.vcs.hg.state_files import fingerprint_of_refs
from kallithea.vcs.hg.wire import (
    COMPRESSED,
    PLAIN,
    WORDS,
    HgAnswer,
    HgProtocolError,
    HgRefusedError,
    HgRequest,
    HgWire,
    offers_streams,
)
from kallithea.vcs.types import BusyError, VcsError

log = logging.getLogger(__name__)

Environ = Mapping[str, Any]

_FORMAT = 1
_ABOUT_BUNDLES = frozenset({b"capabilities", b"clonebundles_manifest", b"get_cached_bundle_inline"})
_KNOWS_BUNDLES = b" clonebundles clonebundles_manifest"
#: Bundles that come over the same connection, with the same rights.
_SCHEME = b"peer-bundle-cache://"
#: Commands with answers of any length.
_LONG = frozenset({b"getbundle", b"stream_out"})
# A longer answer is not kept among those that pages are made from.
_LONGEST_KEPT = 1 << 18
_LOOK_SECONDS = 1.0
_FAILED = "The bundle could not be made; the administrator finds the reason in the server's log."


@dataclass(frozen=True, slots=True)
class HgReading:
    """A request that changes nothing, after ``gate.admit`` has let it in."""

    application: Application
    admitted: Admitted
    environ: Environ
    request: HgRequest

    def answer(self) -> Answer:
        """Answer it. Raises RefusedError, VcsError."""
        recover_abandoned(self.admitted.folder)
        packs = self.application.packs
        if self.request.command in _ABOUT_BUNDLES:
            return self._answer_about(self._bundles)
        if self.request.command not in _LONG:
            return self._answer_shortly()
        return self._send() if packs is None else self._share(packs)

    @property
    def _bundles(self) -> CloneBundles | None:
        application, admitted = self.application, self.admitted
        if application.packs is None:
            return None
        return CloneBundles(application, application.packs, admitted.repository_id, admitted.folder)

    def _answer_about(self, bundles: CloneBundles | None) -> Answer:
        """That there are bundles, which there is, or one of them. A client that is told of none pulls."""
        command = self.request.command
        if command == b"get_cached_bundle_inline":
            return self._send_bundle(bundles, self.request.arguments.get(b"path", b"").decode("latin-1"))
        found = bundles.find() if bundles is not None else None
        if command == b"capabilities":
            answer = self._answer_shortly()
            return answer if found is None else replace(answer, body=(*answer.body, _KNOWS_BUNDLES))
        # An older media type would have the bundle compressed once more.
        line = (
            b""
            if found is None or b"0.2" not in self.request.capabilities
            else b"%s%s BUNDLESPEC=%s\n" % (_SCHEME, found.encode("ascii"), SPECIFICATION)
        )
        return Answer("200 OK", PLAIN, (line,))

    def _send_bundle(self, bundles: CloneBundles | None, name: str) -> Answer:
        if bundles is None or not bundles.is_visible(name):
            return Answer("200 OK", WORDS, (b"There is no such bundle.\n",))
        try:
            reader, production = bundles.open(name)
        except OSError:
            # It was there when the client was told of it. Next time it is told of none.
            return Answer("200 OK", WORDS, (b"The bundle is not there any more. Clone again.\n",))
        try:
            if production is not None:
                # It is gone since clients were told of it.
                self._have_written(production, name, lambda: bundles.write(name, production, self._watch(production)))
            return answer_from(reader, COMPRESSED, self._capacity, name)
        except LostError as problem:
            raise VcsError(_FAILED) from problem
        except BaseException:
            reader.close()
            raise

    def _share(self, packs: GrowingStore) -> Answer:
        """A long answer from the file that others read too."""
        key = self._key
        try:
            reader, production = packs.open(key)
        except OSError:
            # There may be no room; Mercurial can still send.
            return self._send()
        try:
            if production is not None:
                self._have_written(production, key, lambda: self._write(production))
            return answer_from(reader, self._long_type, self._capacity, key)
        except LostError:
            # It is another answer than a long one, such as a refusal: for each alone.
            return self._send()
        except BaseException:
            reader.close()
            raise

    @property
    def _capacity(self) -> Capacity:
        return Capacity(self.application, self.admitted, self.environ)

    @property
    def _key(self) -> str:
        request, admitted = self.request, self.admitted
        asked = repr((request.command, sorted(request.arguments.items()), sorted(request.capabilities)))
        meaning = hashlib.blake2b(asked.encode(), digest_size=32).hexdigest()
        member = "member" if self._signed_in else "visitor"
        phases = "publishing" if admitted.publishing else "with drafts"
        streams = "streams" if offers_streams(admitted.folder) else "no streams"
        refs = fingerprint_of_refs(admitted.folder)
        return f"hg:{_FORMAT}:{program_state()}:{admitted.repository_id}:{refs}:{phases}:{streams}:{member}:{meaning}"

    @property
    def _signed_in(self) -> bool:
        return self.admitted.actor.user_id is not None

    @property
    def _long_type(self) -> str:
        understands = b"0.2" in self.request.capabilities and self.request.command == b"getbundle"
        return COMPRESSED if understands else PLAIN

    def _answer_shortly(self) -> Answer:
        store, key = self.application.told, self._key
        kept = store.get(key)
        if kept is not None:
            content_type, _end, body = kept.partition(b"\n")
            return Answer("200 OK", content_type.decode("ascii"), (body,))
        wire, answer = self._ask()
        if isinstance(answer.body, tuple):
            content = b"".join(answer.body)
            # What was refused may be allowed a moment later.
            if answer.content_type != WORDS and len(content) <= _LONGEST_KEPT:
                store.put(key, answer.content_type.encode("ascii") + b"\n" + content)
        return encode(wire, answer)

    def _ask(self) -> tuple[HgWire, HgAnswer]:
        admitted = self.admitted
        wire = HgWire(admitted.folder, publishing=admitted.publishing, arguments_in_body=self._signed_in)
        try:
            return wire, wire.answer(self.request)
        except HgRefusedError as problem:
            return wire, HgAnswer(WORDS, (f"{problem}\n".encode(),))
        except HgProtocolError as problem:
            wire.close()
            raise RefusedError(400, str(problem)) from problem
        except BaseException:
            wire.close()
            raise

    def _send(self) -> Answer:
        """A long answer for this client alone."""
        taken = self._capacity.take_production()
        try:
            answer = encode(*self._ask())
        except BaseException:
            taken.close()
            raise
        if isinstance(answer.body, tuple):
            taken.close()
            return answer
        return replace(answer, body=_Held(answer.body, taken))

    def _have_written(self, production: Production, topic: str, write: Callable[[], object]) -> None:
        """Have a file written as soon as there is a slot, unless nobody waits for it any more."""
        # as the request that asked for it: by its name in the log, and counted for it
        make = contextvars.copy_context().run
        thread = threading.Thread(
            target=make, args=(_make, self._capacity, production, topic, write), name="kallithea-bundle", daemon=True
        )
        try:
            thread.start()
        except BaseException:
            # Whoever asks for the same would wait for it as long as this process lives.
            production.give_up()
            raise

    def _write(self, production: Production) -> None:
        """Write a long answer into its file. Raises LostError where there is another one, or nobody waits any more."""
        wire, answer = self._ask()
        with contextlib.closing(wire):
            if isinstance(answer.body, tuple) or answer.content_type != self._long_type:
                raise LostError
            with contextlib.closing(answer.body):  # type: ignore[type-var]  # it is a generator
                _write_all(production, answer.body, self._watch(production))

    def _watch(self, production: Production) -> Callable[[], None]:
        """What raises LostError when nobody waits for a file any more, or when it has been written for too long."""
        looked = time.monotonic()
        deadline = looked + self.application.settings.wire_time_limit

        def check() -> None:
            nonlocal looked
            if (now := time.monotonic()) - looked > _LOOK_SECONDS:
                looked = now
                if now > deadline or not production.is_wanted():
                    raise LostError

        return check


def encode(wire: HgWire, answer: HgAnswer) -> Answer:
    """An answer of Mercurial as ours; one that is whole needs the repository no longer."""
    if isinstance(answer.body, tuple):
        wire.close()
    return Answer("200 OK", answer.content_type, answer.body)


class _Held:
    """The same pieces; slots are given back with them."""

    def __init__(self, pieces: Iterable[bytes], taken: Taken) -> None:
        self._pieces, self._taken = pieces, taken

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        """End the answer and give the slots back."""
        self._pieces.close()  # type: ignore[attr-defined]  # it is a generator, which closes the repository
        self._taken.close()


def _make(capacity: Capacity, production: Production, topic: str, write: Callable[[], object]) -> None:
    whole = False
    try:
        with capacity.try_production() or capacity.wait_for_production(topic, production.is_wanted):
            write()
        whole = True
    except (BusyError, LostError, RefusedError):
        # Nobody waits any more, or each is told by an answer for it alone.
        log.debug("nothing was written for %s", topic)
    except VcsError:
        log.exception("nothing was written for %s", topic)
    finally:
        if whole:
            production.finish()
        else:
            production.give_up()


def _write_all(production: Production, pieces: Iterator[bytes], check: Callable[[], None]) -> None:
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(production.fileno(), rest) :]
        check()
