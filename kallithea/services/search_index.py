"""Keeps the index as the repositories are: one repository after another, from what the index knows to what there is.

An index remembers what it was made from, in the same step with the documents themselves. So a run may end at any
moment, and may be repeated: the next one goes on from there.
"""

import contextlib
import dataclasses
import datetime
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from kallithea.core.errors import ConflictError
from kallithea.core.jobs import IndexRepository, Queue, RebuildIndex
from kallithea.core.words import _
from kallithea.model.lease import INDEX_SWITCH, index_lease
from kallithea.model.search_index import indexed_page
from kallithea.render.text import one_line
from kallithea.search.documents import Update
from kallithea.search.engine import Index, SearchEngine
from kallithea.services.application import Application
from kallithea.services.held_leases import LeaseTakenError, hold
from kallithea.services.index_rules import describe_rules
from kallithea.services.index_sources import (
    Branch,
    CommitSource,
    FileSource,
    describe_repository,
)
from kallithea.services.index_state import IndexState, begin, parse_state
from kallithea.services.job_context import JobContext
from kallithea.services.revisions import find_landing
from kallithea.services.work import reading, writing
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import CorruptObjectError, RevisionNotFoundError, TooLargeError

log = logging.getLogger(__name__)

_PAGE = 500
_AGAIN = datetime.timedelta(seconds=2)
#: How long a job goes on with one repository, once it has begun to index, while other repositories wait.
_TURN_SECONDS = 10.0

#: What hinders an indexing whenever it is tried: damage, also a ref to a commit that is not there, and sheer size.
LASTING = (CorruptObjectError, RevisionNotFoundError, TooLargeError)

#: Told after each step how many documents came with it.
Tell = Callable[[int], None]


class UnderIndexingError(ConflictError):
    """Another process indexes the repository, or is about to replace the index by a new one."""


class _TurnOverError(Exception):
    """Other repositories wait, and this one is to be gone on with later."""


@dataclass(frozen=True, slots=True)
class Source:
    """A repository as the database describes it."""

    repository_id: int
    path: str
    description: str
    landing_ref: bytes | None


def index_repository(
    application: Application,
    repository_id: int,
    *,
    generation: str | None = None,
    tell: Tell = lambda _count: None,
    rest: Callable[[], None] = lambda: None,
) -> None:
    """Bring the index, or a generation of it, up to date with one repository, or without it if it was deleted.

    ``rest`` is called after a step that no further run has to take again, and may raise. Raises UnderIndexingError,
    SearchError, VcsError, and what ``tell`` and ``rest`` raise.
    """
    engine = application.search
    if engine is None:
        return
    with _leased(application, repository_id, generation) as require, _opened(engine, generation) as index:

        def step(update: Update) -> None:
            require()
            index.apply(update)
            tell(len(update.documents))

        with reading(application) as services:
            row = services.repositories.find_by_id(repository_id)
            repository = services.repositories.open(row) if row is not None else None
        if row is None or repository is None:
            index.forget(repository_id)
            return
        source = Source(repository_id, row.path, row.description, row.landing_ref)
        with repository:
            _bring_up(application, index, source, repository, step, rest)


def index_soon(application: Application, repository_id: int, context: JobContext) -> None:
    """The same as a job, which may be interrupted between two steps, and which waits for its next turn behind others.

    What will not change by itself is logged. Raises SearchError, other VcsErrors, what ``check`` does.
    """
    try:
        index_repository(application, repository_id, tell=lambda _count: context.check(), rest=_turn(application))
    except _TurnOverError:
        with writing(application) as services:
            services.outbox.add(IndexRepository(repository_id))
    except UnderIndexingError:
        # what has changed since that process looked is still to be done
        with writing(application) as services:
            services.outbox.add(IndexRepository(repository_id), delay=_AGAIN)
    except LASTING as problem:
        log.warning("repository %d cannot be indexed: %s", repository_id, problem)


def _turn(application: Application) -> Callable[[], None]:
    """What raises _TurnOverError after _TURN_SECONDS, where others wait.

    They count from the first step on: whatever was looked at before it is looked at again in the next turn.
    """
    begun: float | None = None

    def require() -> None:
        nonlocal begun
        now = time.monotonic()
        if begun is None:
            begun = now
        elif now - begun >= _TURN_SECONDS:
            with reading(application) as services:
                waiting = services.taken_jobs.due_queues()
            if Queue.INDEX in waiting:
                raise _TurnOverError

    return require


def find_outdated(
    application: Application, *, generation: str | None = None, check: Callable[[], None] = lambda: None
) -> list[int]:
    """Ids of the repositories that differ from what the index was made from, those that were deleted included.

    ``check`` is called now and then, and may raise.
    """
    engine = application.search
    if engine is None:
        return []
    with _opened(engine, generation) as index:
        states = {number: parse_state(state) for number, state in index.states().items()}
    rules = _rules(application)
    outdated, last = list[int](), 0
    while True:
        check()
        with reading(application) as services:
            rows = services.session.execute(indexed_page(last, _PAGE)).all()
        if not rows:
            return [*outdated, *states]
        last = rows[-1][0]
        for number, path, description, fingerprint in rows:
            known = states.pop(number, IndexState())
            differs = (known.path, known.description, known.rules) != (path, description, rules)
            # without a recorded fingerprint, the repository is about to be settled
            if differs or (fingerprint and fingerprint != known.fingerprint):
                outdated.append(number)


def ask_for_indexing(application: Application, *, check: Callable[[], None] = lambda: None) -> int:
    """Ask for the indexing of every repository that needs it; the answer is how many. ``check``: as above.

    For an index of an earlier version a new one is asked for besides.
    """
    if _is_outdated(application):
        with writing(application) as services:
            services.outbox.add_asked(RebuildIndex(None))
    outdated = find_outdated(application, check=check)
    for start in range(0, len(outdated), _PAGE):
        with writing(application) as services:
            services.outbox.add_all(map(IndexRepository, outdated[start : start + _PAGE]))
    return len(outdated)


def _is_outdated(application: Application) -> bool:
    if application.search is None:
        return False
    with application.search.open() as index:
        return index.outdated


def _bring_up(
    application: Application,
    index: Index,
    source: Source,
    repository: Repository,
    step: Callable[[Update], None],
    rest: Callable[[], None],
) -> None:
    settings, number = application.settings, source.repository_id
    known = parse_state(index.states([number]).get(number))
    wanted = _wanted(application, source, repository)
    if wanted == known:
        return
    renamed = (known.path, known.description) != (source.path, source.description)
    about = [describe_repository(number, source.path, source.description)] if renamed else []
    before, after = known.branches or {}, wanted.branches or {}
    moved = [name for name, (_at, landing) in before.items() if after.get(name, ("", not landing))[1] != landing]
    begun = begin(known, wanted)
    if not known.complete or dataclasses.replace(known, fingerprint=wanted.fingerprint) != wanted:
        # before anything else comes: should this run die, the next one has to know where its leftovers may be
        step(Update(number, gone_branches=moved, about=renamed, documents=about, state=begun.dump()))
    for name, (commit_id, landing) in after.items():
        if not known.complete or known.rules != wanted.rules or before.get(name) != (commit_id, landing):
            files = FileSource(settings, repository, number, Branch(name, commit_id, landing))
            there, anew = index.files(number, name), begun.rules != wanted.rules
            restless = files.starts_over(there, anew=anew)
            for update in files.updates(there, anew=anew):
                step(update)
                if not restless:
                    rest()
    for update in _commit_updates(CommitSource(settings, repository, number), index, repository, known, wanted, number):
        step(update)
        rest()
    step(Update(number, state=wanted.dump()))


def _commit_updates(
    source: CommitSource, index: Index, repository: Repository, known: IndexState, wanted: IndexState, number: int
) -> Iterator[Update]:
    if not known.complete or len(repository.find_commits(known.tips)) < len(known.tips):
        return source.updates_from(wanted.tips, index.commit_ids(number))
    return source.updates(wanted.tips, known.tips)


def _wanted(application: Application, source: Source, repository: Repository) -> IndexState:
    """What the index is to be made from."""
    # taken first: what moves from here on makes it differ
    fingerprint = repository.fingerprint()
    encodings = application.settings.default_encoding
    landing = find_landing(repository, source.landing_ref)
    branches = {one_line(landing.name, encodings): (landing.commit_id, True)} if landing is not None else {}
    patterns = application.settings.index_branches
    if patterns:
        refs = repository.refs()
        for ref in (*refs.branches, *refs.bookmarks):
            name = one_line(ref.name, encodings)
            if any(fnmatchcase(name, pattern) for pattern in patterns):
                branches.setdefault(name, (ref.commit_id, False))
    rules, now = _rules(application), application.clock()
    return IndexState(source.path, source.description, rules, fingerprint, branches, now)


def _rules(application: Application) -> str:
    return json.dumps(describe_rules(application.settings))


def _opened(engine: SearchEngine, generation: str | None) -> contextlib.AbstractContextManager[Index]:
    return engine.open() if generation is None else engine.open_generation(generation)


@contextlib.contextmanager
def _leased(application: Application, repository_id: int, generation: str | None) -> Iterator[Callable[[], None]]:
    """One writer for each repository of an index in the whole cluster; what is yielded raises once that is another."""
    with contextlib.ExitStack() as stack:
        try:
            held = stack.enter_context(hold(lambda: writing(application), index_lease(repository_id, generation)))
        except LeaseTakenError as problem:
            raise UnderIndexingError(_("Another process indexes this repository.")) from problem

        def require() -> None:
            held.require()
            if generation is None:
                _require_no_switch(application)

        # only now: whoever is about to replace the index looks for leases after they said so
        require()
        yield require


def _require_no_switch(application: Application) -> None:
    with writing(application) as services:
        if services.leases.is_held(INDEX_SWITCH):
            raise UnderIndexingError(_("The index is about to be replaced by a new one."))
