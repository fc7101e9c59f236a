"""A new index beside the one that is asked, which it replaces in one step: nobody who searches sees a gap.

What was found just before is found just after: the one that is asked is at rest while the last changes are taken over.
"""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator

from sqlalchemy import exists, select

from kallithea.core.errors import ConflictError, KallitheaError
from kallithea.core.jobs import RebuildIndex
from kallithea.core.words import _
from kallithea.model.lease import INDEX_REBUILD, INDEX_SWITCH, held_index_leases
from kallithea.search.engine import SearchEngine
from kallithea.services.application import Application
from kallithea.services.held_leases import HeldLease, LeaseTakenError, hold
from kallithea.services.index_state import parse_state
from kallithea.services.job_context import JobCancelledError, JobContext
from kallithea.services.job_teller import WARNING, JobTeller, Tell
from kallithea.services.search_index import (
    LASTING,
    ask_for_indexing,
    find_outdated,
    index_repository,
)
from kallithea.services.work import reading, writing
from kallithea.vcs.types import VcsError

_ROUNDS = 3
_PAUSE_SECONDS = 0.1
#: How far it is when everything is in the new index but what came meanwhile.
_MOST_PERCENT = 95


class LeftOutError(KallitheaError):
    """Repositories that can be found now could not be read, and were not found with the new index any more."""


def rebuild_index(application: Application, _job: RebuildIndex, context: JobContext) -> None:
    """Make a new index, and write down how far that is. What was cancelled leaves the index as it was."""
    teller = JobTeller(context)
    try:
        rebuild(application, teller)
    except JobCancelledError:
        teller.end(0, "", "cancelled")
    else:
        teller.end(100, "", "done")


def rebuild(application: Application, tell: Tell) -> list[str]:
    """Make a new generation of everything and switch to it.

    The answer says of which repositories it could not be made, and why. Raises SearchError, ConflictError where another
    process does the same, LeftOutError, and what ``tell`` does.
    """
    engine = application.search
    if engine is None:
        return []
    with contextlib.ExitStack() as stack:
        try:
            held = stack.enter_context(hold(lambda: writing(application), INDEX_REBUILD))
        except LeaseTakenError as problem:
            raise ConflictError(_("Another process makes a new index already.")) from problem
        engine.drop_unfinished()
        rebuilding = _Rebuilding(application, engine.begin(), tell)
        try:
            rebuilding.fill()
            waiting = _("Waiting for what is being indexed")
            with _at_rest(application, lambda: tell(_MOST_PERCENT, waiting)) as at_rest:
                # what could be found a moment ago has to be found afterwards
                rebuilding.fill_rest(_find_behind(engine, rebuilding.name), at_rest.require)
                rebuilding.require_what_is_known(engine)
                at_rest.require()
                held.require()
                engine.switch(rebuilding.name)
        except BaseException:
            with contextlib.suppress(KallitheaError):
                # else what is unfinished is another's
                held.require()
                engine.drop_unfinished()
            raise
    ask_for_indexing(application)
    return list(rebuilding.problems.values())


class _Rebuilding:
    """The making of a generation. ``problems`` are what hindered, by the ids of repositories."""

    def __init__(self, application: Application, name: str, tell: Tell) -> None:
        self.name = name
        self.problems: dict[int, str] = {}
        self._passing = set[int]()
        self._application = application
        self._tell = tell

    def fill(self) -> None:
        """Bring in everything; what is pushed meanwhile in further rounds, which also try again what was hindered."""
        for number in range(_ROUNDS):
            self._bring_up(self._find_outdated(), lambda: None, first=number == 0)

    def fill_rest(self, behind: Collection[int], keep: Callable[[], None]) -> None:
        """Bring in what has come since, and these; ``keep`` is called again and again."""
        self._bring_up({*self._find_outdated(), *behind}, keep, first=False)

    def require_what_is_known(self, engine: SearchEngine) -> None:
        """Raises LeftOutError where the index that is asked knows what could not be read just now."""
        with engine.open() as index:
            known = sorted(index.states(self._passing))
        left_out = [number for number in known if self._exists(number)]
        if left_out:
            text = _(
                "The old index is still in use, because repositories that are in it cannot be read now"
                " (%(count)s, such as %(problem)s). Try again later, or delete them.",
                count=len(left_out),
                problem=self.problems[left_out[0]],
            )
            raise LeftOutError(text)

    def _exists(self, number: int) -> bool:
        with reading(self._application) as services:
            return services.repositories.find_by_id(number) is not None

    def _find_outdated(self) -> list[int]:
        return find_outdated(self._application, generation=self.name)

    def _bring_up(self, outdated: Collection[int], keep: Callable[[], None], *, first: bool) -> None:
        for at, number in enumerate(outdated, 1):
            name = self._name(number)
            percent = _MOST_PERCENT * (at - 1) // len(outdated) if first else _MOST_PERCENT
            step = _("%(at)s of %(of)s: %(name)s", at=at, of=len(outdated), name=name)
            self._tell(percent, step, name)
            self.problems.pop(number, None)
            self._passing.discard(number)

            def go_on(_count: int, percent: int = percent, step: str = step) -> None:
                keep()
                self._tell(percent, step)

            try:
                index_repository(self._application, number, generation=self.name, tell=go_on)
            except (VcsError, ConflictError) as problem:
                self.problems[number] = f"{name}: {problem}"
                if not isinstance(problem, LASTING):
                    self._passing.add(number)
                self._tell(percent, step, f"{WARNING}{name}: {problem}")

    def _name(self, number: int) -> str:
        with reading(self._application) as services:
            row = services.repositories.find_by_id(number)
            return row.path if row is not None else f"deleted repository {number}"


def _find_behind(engine: SearchEngine, generation: str) -> set[int]:
    """The repositories of which the index that is asked knows something else than the generation."""
    with engine.open() as index, engine.open_generation(generation) as made:
        known = made.states()
        return {
            number
            for number, state in index.states().items()
            if parse_state(state).fingerprint != parse_state(known.get(number)).fingerprint
        }


@contextlib.contextmanager
def _at_rest(application: Application, tell: Callable[[], None]) -> Iterator[HeldLease]:
    """Nobody changes the index that is asked: who does, ends after the present step, and others begin later.

    ``tell`` is called until it is so, and may raise. If this process dies, it is so until the lease is over.
    """
    with contextlib.ExitStack() as stack:
        held = _find_switch(application, stack)
        # looked at only then: whoever had a lease before that has one still
        while held is None or _is_written(application):
            tell()
            time.sleep(_PAUSE_SECONDS)
            held = held or _find_switch(application, stack)
        yield held


def _find_switch(application: Application, stack: contextlib.ExitStack) -> HeldLease | None:
    try:
        return stack.enter_context(hold(lambda: writing(application), INDEX_SWITCH))
    except LeaseTakenError:
        return None


def _is_written(application: Application) -> bool:
    with reading(application) as services:
        held = select(exists().where(held_index_leases(services.leases.now())))
        return bool(services.session.scalar(held))
