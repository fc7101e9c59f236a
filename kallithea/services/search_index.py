"""Keeps the index as the repositories are: one repository after another, from what the index knows to what there is.

An index remembers what it was made from, in the same step with the documents themselves. So a run may end at any
moment, and may be repeated: the next one goes on from there.
"""

import contextlib
import datetime
import json
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from kallithea.core.errors import ConflictError
from kallithea.core.jobs import IndexRepository
from kallithea.core.words import _
from kallithea.model.lease import index_lease
from kallithea.model.search_index import indexed_page
from kallithea.render.text import one_line
from kallithea.search.documents import Update
from kallithea.search.engine import Index, SearchEngine
from kallithea.services.application import Application
from kallithea.services.index_rules import describe_rules
from kallithea.services.index_sources import (
    Branch,
    CommitSource,
    FileSource,
    describe_repository,
)
from kallithea.services.index_state import IndexState, parse_state
from kallithea.services.job_context import JobContext
from kallithea.services.revisions import find_landing
from kallithea.services.work import reading, writing
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import VcsError

log = logging.getLogger(__name__)

_LEASE_SECONDS = 120.0
_PAGE = 500
_ROUNDS = 3
_AGAIN = datetime.timedelta(seconds=2)

#: Told after each step how many documents came with it.
Tell = Callable[[int], None]


class UnderIndexingError(ConflictError):
    """Another process indexes the repository."""


@dataclass(frozen=True, slots=True)
class Source:
    """A repository as the database describes it."""

    repository_id: int
    path: str
    description: str
    landing_ref: bytes | None


def index_repository(
    application: Application, repository_id: int, *, generation: str | None = None, tell: Tell = lambda _count: None
) -> None:
    """Bring the index, or a generation of it, up to date with one repository, or without it if it was deleted.

    Raises UnderIndexingError, SearchError, VcsError, and what ``tell`` raises.
    """
    engine = application.search
    if engine is None:
        return
    with _leased(application, repository_id) as renew, _opened(engine, generation) as index:

        def step(update: Update) -> None:
            renew()
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
            _bring_up(application, index, source, repository, step)


def index_soon(application: Application, repository_id: int, context: JobContext) -> None:
    """The same as a job, which may be interrupted between two steps. Raises SearchError, what ``check`` does."""
    try:
        index_repository(application, repository_id, tell=lambda _count: context.check())
    except UnderIndexingError:
        # what has changed since that process looked is still to be done
        with writing(application) as services:
            services.outbox.add(IndexRepository(repository_id), delay=_AGAIN)
    except VcsError as problem:
        log.warning("repository %d cannot be indexed: %s", repository_id, problem)


def find_outdated(application: Application, *, generation: str | None = None) -> list[int]:
    """Ids of the repositories that differ from what the index was made from, those that were deleted included."""
    engine = application.search
    if engine is None:
        return []
    with _opened(engine, generation) as index:
        states = {number: parse_state(state) for number, state in index.states().items()}
    rules = _rules(application)
    outdated, last = list[int](), 0
    while True:
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


def ask_for_indexing(application: Application) -> int:
    """Ask for the indexing of every repository that needs it; the answer is how many."""
    outdated = find_outdated(application)
    for start in range(0, len(outdated), _PAGE):
        with writing(application) as services:
            services.outbox.add_all(map(IndexRepository, outdated[start : start + _PAGE]))
    return len(outdated)


def rebuild(application: Application, tell: Callable[[int, int, int], None]) -> list[str]:
    """Make a new generation of everything and switch to it; ``tell`` is told an id, its number, and of how many.

    The answer says of which repositories it could not be made, and why. Raises SearchError.
    """
    engine = application.search
    problems: dict[int, str] = {}
    if engine is None:
        return []
    name = engine.begin()
    # what is pushed meanwhile is added in further rounds
    for _round in range(_ROUNDS):
        outdated = [number for number in find_outdated(application, generation=name) if number not in problems]
        for position, number in enumerate(outdated, 1):
            tell(number, position, len(outdated))
            try:
                index_repository(application, number, generation=name)
            except (VcsError, ConflictError) as problem:
                problems[number] = f"{number}: {problem}"
    engine.switch(name)
    ask_for_indexing(application)
    return list(problems.values())


def _bring_up(
    application: Application, index: Index, source: Source, repository: Repository, step: Callable[[Update], None]
) -> None:
    settings, number = application.settings, source.repository_id
    known = parse_state(index.states([number]).get(number))
    wanted = _wanted(application, source, repository)
    if wanted == known:
        return
    if (known.path, known.description) != (source.path, source.description):
        about = describe_repository(number, source.path, source.description)
        step(Update(number, about=True, documents=[about]))
    before, after = known.branches or {}, wanted.branches or {}
    moved = [name for name, (_at, landing) in before.items() if after.get(name, ("", not landing))[1] != landing]
    if moved:
        step(Update(number, gone_branches=moved))
    for name, (commit_id, landing) in after.items():
        if known.rules != wanted.rules or name in moved or before.get(name) != (commit_id, landing):
            files = FileSource(settings, repository, number, Branch(name, commit_id, landing))
            anew = known.rules not in ("", wanted.rules)
            for update in files.updates(index.files(number, name), anew=anew):
                step(update)
    for update in _commit_updates(CommitSource(settings, repository, number), index, repository, known, wanted, number):
        step(update)
    step(Update(number, state=wanted.dump()))


def _commit_updates(
    source: CommitSource, index: Index, repository: Repository, known: IndexState, wanted: IndexState, number: int
) -> Iterator[Update]:
    if known.tips and len(repository.find_commits(known.tips)) < len(known.tips):
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
    return IndexState(source.path, source.description, _rules(application), fingerprint, branches)


def _rules(application: Application) -> str:
    return json.dumps(describe_rules(application.settings))


def _opened(engine: SearchEngine, generation: str | None) -> contextlib.AbstractContextManager[Index]:
    return engine.open() if generation is None else engine.open_generation(generation)


@contextlib.contextmanager
def _leased(application: Application, repository_id: int) -> Iterator[Callable[[], None]]:
    """One writer for each repository in the whole cluster; what is yielded keeps it so."""
    owner, lease = secrets.token_hex(16), index_lease(repository_id)
    with writing(application) as services:
        fence = services.leases.acquire(lease, owner, _LEASE_SECONDS)
    if fence is None:
        raise UnderIndexingError(_("Another process indexes this repository."))
    kept: int = fence

    def renew() -> None:
        with writing(application) as services:
            services.leases.require(lease, kept)
            services.leases.acquire(lease, owner, _LEASE_SECONDS)

    try:
        yield renew
    finally:
        with writing(application) as services:
            services.leases.release(lease, owner)
