"""Upkeep of repositories: by one process at a time, in limited time, and what takes long by itself.

What is needed is decided by looking at the files, so that a run can be interrupted and nothing has to be remembered.
"""

import datetime
import logging
import pathlib
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kallithea.core.errors import ConflictError, NotFoundError
from kallithea.core.jobs import RepackRepository, UpkeepRepository
from kallithea.core.words import _
from kallithea.model.lease import upkeep_lease
from kallithea.model.push_intent import recorded_page
from kallithea.services.application import Application
from kallithea.services.clone_bundles import steps_for
from kallithea.services.leases import LeaseLostError
from kallithea.services.repository_sizes import measure
from kallithea.services.work import reading, writing
from kallithea.vcs.git.alternates import lends_to
from kallithea.vcs.opener import list_upkeep
from kallithea.vcs.types import Kind, VcsError
from kallithea.vcs.upkeep import Outcome, Step, UpkeepOrder, UpkeepReport, do_steps, needs_any

log = logging.getLogger(__name__)

_SECONDS = 240.0
_HEAVY_SECONDS = 3000.0
#: How long the lease outlasts the time for the steps: git is asked to end, and the clocks differ.
_MARGIN_SECONDS = 60.0
#: Work that goes through a whole repository is begun at most once in this time, whatever it came to.
_HEAVY_EVERY = datetime.timedelta(days=1)
_AGAIN = datetime.timedelta(minutes=1)
#: Beyond what a push may last.
_ABANDONED_MARGIN = 3600.0
_PAGE = 100
_TAKEN = _("Another process does the upkeep of this repository.")

#: Called now and then; what it raises ends the work.
Check = Callable[[], None]


class UnderUpkeepError(ConflictError):
    """Another process does the repository's upkeep."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a repository lies, and whether a push to it may be under way."""

    kind: Kind
    name: str
    path: pathlib.Path
    pushing: bool


def keep_up(
    application: Application, repository_id: int, *, heavy: bool = False, check: Check = lambda: None
) -> UpkeepReport:
    """Do what the repository needs, with ``heavy`` also what goes through all of it; ``check`` is called between steps.

    No step is begun once the lease is somebody else's, who may be at the same files. Raises UnderUpkeepError,
    NotFoundError, VcsError when the repository cannot be found on the disk.
    """
    seconds, began = _HEAVY_SECONDS if heavy else _SECONDS, time.monotonic()
    owner, lease = secrets.token_hex(16), upkeep_lease(repository_id)
    with writing(application) as services:
        fence = services.leases.acquire(lease, owner, seconds + _MARGIN_SECONDS)
        if fence is None:
            raise UnderUpkeepError(_TAKEN)
        if heavy:
            services.leases.note_done(lease, fence)
    try:
        place = _find_place(application, repository_id)
        order = _order(application, place, seconds=seconds, heavy=heavy)
        steps = _list_steps(application, repository_id, place, order)
        # The lease is not asked for again, so what has passed since then is gone.
        order = replace(order, seconds=seconds - (time.monotonic() - began))
        report = do_steps(steps, order, check=lambda: _check(application, lease, fence, check))
    except LeaseLostError as problem:
        raise UnderUpkeepError(_TAKEN) from problem
    finally:
        with writing(application) as services:
            services.leases.release(lease, owner)
    _log(place.name, report)
    check()
    measure(application.caches.small, repository_id, place.path, application.clock().timestamp())
    return report


def _check(application: Application, lease: str, fence: int, check: Check) -> None:
    check()
    with writing(application) as services:
        services.leases.require(lease, fence)


def keep_up_soon(application: Application, repository_id: int, *, check: Check = lambda: None) -> None:
    """Do what takes seconds; have the rest done later, when it is its turn again."""
    try:
        report = keep_up(application, repository_id, check=check)
    except NotFoundError:
        return
    except UnderUpkeepError:
        # what has changed since that process looked is still to be done
        with writing(application) as services:
            services.outbox.add(UpkeepRepository(repository_id), delay=_AGAIN)
        return
    if report.left:
        with writing(application) as services:
            if services.leases.is_due(upkeep_lease(repository_id), _HEAVY_EVERY):
                services.outbox.add(RepackRepository(repository_id))


def repack(application: Application, repository_id: int, *, check: Check = lambda: None) -> None:
    """Do all that the repository needs; what is left now is found again within an hour."""
    try:
        keep_up(application, repository_id, heavy=True, check=check)
    except (NotFoundError, UnderUpkeepError) as problem:
        log.info("repository %d was not packed anew: %s", repository_id, problem)


def ask_for_upkeep(application: Application, *, check: Check = lambda: None) -> int:
    """Ask for the upkeep of every repository that needs some; the answer is how many.

    ``check`` is called between the pages of repositories, and may raise: what was asked for by then stays so.
    """
    asked = 0
    for page in _pages(application):
        check()
        needing = [number for number, place in page.items() if _needs_upkeep(application, number, place)]
        if needing:
            with writing(application) as services:
                services.outbox.add_all(map(UpkeepRepository, needing))
        asked += len(needing)
    return asked


def _list_steps(application: Application, repository_id: int, place: _Place, order: UpkeepOrder) -> Sequence[Step]:
    own = list_upkeep(place.kind, place.path, order, application.vcs_options)
    return (*own, *steps_for(application, repository_id, place.kind, place.path))


def _needs_upkeep(application: Application, repository_id: int, place: _Place) -> bool:
    order = _order(application, place, seconds=0, heavy=False)
    try:
        return needs_any(_list_steps(application, repository_id, place, order))
    except (VcsError, OSError) as problem:
        log.warning("the repository in the folder %s cannot be looked at: %s", place.name, problem)
        return False


def _order(application: Application, place: _Place, *, seconds: float, heavy: bool) -> UpkeepOrder:
    return UpkeepOrder(
        seconds=seconds,
        abandoned_after=application.settings.wire_time_limit + _ABANDONED_MARGIN,
        heavy=heavy,
        pushing=place.pushing,
        prune=not place.pushing and not (heavy and _lends(application, place)),
    )


def _lends(application: Application, place: _Place) -> bool:
    """Whether another repository of the site uses objects of this one."""
    if place.kind is not Kind.GIT:
        return False
    others = (other for page in _pages(application) for other in page.values() if other.kind is Kind.GIT)
    return any(lends_to(place.path, other.path) for other in others)


def _find_place(application: Application, repository_id: int) -> _Place:
    with reading(application) as services:
        row = services.repositories.get_by_id(repository_id)
        path = services.repositories.folder(row)
        pushing = services.pushes.recorded(repository_id).oldest_intent is not None
        return _Place(Kind(row.kind), row.path, path, pushing)


def _pages(application: Application) -> Iterator[dict[int, _Place]]:
    """All repositories by id, some at a time."""
    last = 0
    while True:
        with reading(application) as services:
            rows = services.session.execute(recorded_page(last, _PAGE)).all()
        if not rows:
            return
        last = rows[-1].repository_id
        base = application.settings.repository_folder
        yield {
            repository_id: _Place(Kind(kind), folder, base / folder, oldest is not None)
            for repository_id, kind, folder, _name, oldest in rows
        }


def _log(name: str, report: UpkeepReport) -> None:
    for step in report.steps:
        if step.outcome is Outcome.FAILED:
            log.warning("upkeep of %s: %s failed: %s", name, step.name, step.words)
        elif step.outcome is Outcome.DONE:
            log.info("upkeep of %s: %s: %s (%.2f s)", name, step.name, step.words, step.seconds)
