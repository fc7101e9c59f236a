"""Receiving a push of git: the rules first, then git's own process, and the record before the answer ends."""

import contextlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence

from kallithea.cache.growing_store import LostError
from kallithea.cache.slots import Taken
from kallithea.core.access import Level
from kallithea.core.errors import UnavailableError
from kallithea.core.storage import StorageError, find_storage_fault
from kallithea.services.ref_moves import RefMove
from kallithea.transport.answers import Answer
from kallithea.transport.gate import require_still
from kallithea.transport.git import FAILED, GitWire
from kallithea.transport.recognition import GitService
from kallithea.transport.request_body import CHUNK, RequestBody, SwallowedError
from kallithea.vcs.git.default_branch import HEAD, HeadChange, change_head, find_head_change, names_branch
from kallithea.vcs.git.durability import sync_refs
from kallithea.vcs.git.environment import git_folder
from kallithea.vcs.git.pkt_line import BAND_ERROR, PacketError, packet
from kallithea.vcs.git.push_question import Judgement, PushQuestion
from kallithea.vcs.git.push_request import (
    PushRequest,
    ReportHolder,
    ReportReader,
    printed,
    read_push_request,
    refusal,
)
from kallithea.vcs.git.push_rules import PUSHABLE, find_update_problem, list_unneeded
from kallithea.vcs.git.wire import WireProcess, list_hidden, receive_environment
from kallithea.vcs.types import BusyError, RefUpdate, VcsError
from kallithea.vcs.writing import RefusedWriteError

log = logging.getLogger(__name__)

#: Refs that get their own reason when some are refused; with more, the whole push is.
_MOST_PROBLEMS = 100


def receive(wire: GitWire) -> Answer:
    """Receive objects and move refs. Raises RefusedError, RequestLostError, VcsError."""
    wire.require_type(GitService.RECEIVE)
    wire.body.limit_time(wire.application.settings.wire_time_limit)
    try:
        request = read_push_request(wire.body.read_exactly)
    except PacketError as problem:
        wire.body.drain()
        return _words_alone(str(problem))
    except SwallowedError as problem:
        return _words_alone(problem.words)
    if request.signed:
        wire.body.drain()
        return _words_alone("Signed pushes are not accepted: push without --signed.")
    if not request.updates:
        wire.body.drain()
        return _result((b"",))
    problems = {update.name: words for update in request.updates if (words := find_update_problem(update))}
    if _refuses_all(request, problems):
        wire.body.drain()
        return _result((refusal(request, problems, _sentences(problems)),))
    try:
        push = _announced(wire, request, [update for update in request.updates if update.name not in problems])
    except (UnavailableError, BusyError) as problem:
        wire.body.drain()
        return _result((refusal(request, {}, [str(problem)]),))
    return _receive_with_room(wire, request, problems, push)


class GitPush:
    """A push, and with it HEAD when the branch that it names does not come to exist. It has its slots until the end."""

    def __init__(self, wire: GitWire, request: PushRequest, taken: Taken) -> None:
        self.taken = taken
        self._wire = wire
        self._options = wire.application.vcs_options
        self._folder = wire.admitted.folder
        facts = {f"GIT_PUSH_OPTION_{number}": os.fsdecode(option) for number, option in enumerate(request.options)}
        facts["GIT_PUSH_OPTION_COUNT"] = str(len(request.options))
        is_wanted = lambda: not wire.capacity.is_gone()  # noqa: E731
        self._push = RefMove(wire.application, wire.admitted.place, wire.admitted.actor, facts, is_wanted)
        self._names: frozenset[bytes] = frozenset()
        self._head: HeadChange | None = None

    def announce(self, updates: Sequence[RefUpdate]) -> None:
        """See ``RefMove.announce``. Raises VcsError, too."""
        self._names = frozenset(update.name for update in updates)
        if not names_branch(self._folder):
            self._head = find_head_change(self._push.read_state(), updates)
        self._push.announce_unasked([*updates, self._head.update] if self._head else updates)

    def ask(self) -> PushQuestion:
        """What is decided when everything has arrived: whether the sender still may push, and the operator's hook."""
        return PushQuestion(self._decide, needs_all=self._push.hook_call.asks)

    def _decide(self, environment: Mapping[str, str], lines: bytes) -> Judgement:
        try:
            require_still(self._wire.application, self._wire.environ, self._wire.admitted, Level.WRITE)
        except (UnavailableError, RefusedWriteError) as problem:
            return Judgement(accepted=False, words=f"{problem}\n".encode())
        place = {**environment, "GIT_DIR": os.fspath(git_folder(self._folder))}
        status, words = self._push.hook_call.judge(lines, place)
        return Judgement(accepted=status == 0, words=words)

    def take_words(self) -> Sequence[str]:
        """Lines that hooks have printed."""
        return self._push.take_words().decode(errors="replace").splitlines()

    def settle(self, accepted: frozenset[bytes] | None) -> None:
        """See ``RefMove.settle``; and return when all of it is on the disk. Raises OSError."""
        followed = self._follow(accepted)
        accepted = None if accepted is None else accepted | followed
        try:
            if accepted != frozenset():
                sync_refs(self._folder, followed | (self._names if accepted is None else accepted))
        finally:
            try:
                self._push.settle(accepted)
            finally:
                self.taken.close()

    def _follow(self, accepted: frozenset[bytes] | None) -> frozenset[bytes]:
        """Have HEAD follow, and name it if it did."""
        try:
            if self._head is not None and self._is_born(self._head.branch, accepted):
                change_head(self._options, self._folder, self._head)
                return frozenset({HEAD})
        except VcsError:
            log.exception("HEAD of %s could not be changed", self._folder)
        return frozenset()

    def _is_born(self, branch: bytes, accepted: frozenset[bytes] | None) -> bool:
        if accepted is None:
            return branch in self._push.read_state().refs
        return branch in accepted or branch not in self._names


def _announced(wire: GitWire, request: PushRequest, updates: Sequence[RefUpdate]) -> GitPush:
    """A push that was announced and has its slots. Raises UnavailableError, BusyError, RequestLostError, VcsError."""
    with contextlib.ExitStack() as failing:
        taken = wire.capacity.take_push()
        failing.callback(taken.close)
        push = GitPush(wire, request, taken)
        push.announce(updates)
        failing.pop_all()
    return push


def _receive_with_room(wire: GitWire, request: PushRequest, problems: Mapping[bytes, str], push: GitPush) -> Answer:
    """The answer; that nothing can be stored is told as git prints it: of a status it would print the number alone."""
    try:
        return _receive(wire, request, problems, push)
    except OSError as problem:
        fault = find_storage_fault(problem)
        if fault is None:
            raise
        log.exception("a push could not be received")
        wire.body.drain()
        return _result((refusal(request, {}, [str(StorageError(fault))]),))


def _receive(wire: GitWire, request: PushRequest, problems: Mapping[bytes, str], push: GitPush) -> Answer:
    hidden = [*(name for name in problems if name.startswith(PUSHABLE)), *list_unneeded(request.updates)]
    process: WireProcess | None = None
    try:
        process = _start(wire, hidden, push)
        _pump(process, request.raw, wire.body)
        first = process.read()
    except BaseException:
        # whatever it was, nothing of this push may go on
        if process is not None:
            process.stop()
        push.settle(None)
        raise
    if not first:
        log.warning("git receive-pack said nothing: %s", process.errors.decode(errors="replace"))
        process.stop()
        push.settle(None)
        return _result((refusal(request, {}, [FAILED]),))
    words = printed(_sentences(problems)) if request.side_band else b""
    return _result(PushOutput(process, first, words, request, push))


def _start(wire: GitWire, hidden: Sequence[bytes], push: GitPush) -> WireProcess:
    most_bytes = wire.application.settings.push_size_limit
    with list_hidden(hidden) as file, contextlib.ExitStack() as resources:
        question = push.ask()
        resources.callback(question.close)
        environment = receive_environment(wire.protocol, most_bytes=most_bytes, hidden=file, question=question)
        shared = (file.fileno(), *push.taken.files)
        process = wire.start(GitService.RECEIVE, "--stateless-rpc", environment, question=question, shared=shared)
        # the process closes it
        resources.pop_all()
        return process


class PushOutput:
    """What receive-pack says, as a response. The report waits until the refs are on the disk and recorded.

    A client that goes away does not stop a push: all of it has arrived, and git must not be ended between two refs.
    Where git is killed it ends in a LostError, which breaks the connection, after what was moved is recorded.
    """

    def __init__(self, process: WireProcess, first: bytes, words: bytes, request: PushRequest, push: GitPush) -> None:
        self._process = process
        self._unseen = first
        self._ready = words
        self._reader = ReportReader(request)
        self._holder = ReportHolder(request)
        self._channels = request.side_band
        self._push = push
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        while not self._ready and self._advance():
            pass
        data, self._ready = self._ready, b""
        if not data:
            raise StopIteration
        return data

    def close(self) -> None:
        """Let git finish and record the push, if that has not happened yet."""
        while self._advance():
            self._ready = b""

    def _advance(self) -> bool:
        """Take up the next output; False at its end, when the push is recorded."""
        if self._ended:
            return False
        try:
            data = self._unseen or self._process.read()
            if not data and self._process.finish() < 0:
                # the end of a response would make it whole
                raise LostError(FAILED)
        except BaseException:
            # whatever it was, git must not wait for an answer that nobody gives
            self._end()
            raise
        self._unseen = b""
        self._reader.feed(data)
        self._ready += self._holder.feed(data)
        if not data:
            self._end()
            self._ready += self._words() + self._holder.release()
        return bool(data)

    def _words(self) -> bytes:
        """What hooks have printed, where the client can tell it from the report."""
        lines = self._push.take_words()
        return printed(lines) if self._channels else b""

    def _end(self) -> None:
        self._ended = True
        self._process.kill()
        self._push.settle(self._reader.accepted)


def _pump(process: WireProcess, begin: bytes, body: RequestBody) -> None:
    """Give everything to the process; once it does not listen any more, read the rest all the same."""
    listening = process.feed(begin)
    while listening and (data := body.read(CHUNK)):
        listening = process.feed(data)
    process.end_input()
    # as it came: what nobody listens to need not be decompressed
    body.drain()


def _refuses_all(request: PushRequest, problems: Mapping[bytes, str]) -> bool:
    """Whether nothing of a push is to be done. Git itself counts a hidden ref as no failure of an atomic push."""
    if b"atomic" in request.capabilities and problems:
        return True
    return len(problems) == len(request.updates) or len(problems) > _MOST_PROBLEMS


def _sentences(problems: Mapping[bytes, str]) -> list[str]:
    shown = list(problems.items())[:_MOST_PROBLEMS]
    return [f"{name.decode(errors='replace')}: {words}" for name, words in shown]


def _words_alone(words: str) -> Answer:
    """The answer where it is not known what was to be pushed. Of a status, git would print the number and no word."""
    return _result((packet(BAND_ERROR + words.encode()),))


def _result(body: tuple[bytes, ...] | PushOutput) -> Answer:
    return Answer("200 OK", f"application/x-{GitService.RECEIVE}-result", body)
