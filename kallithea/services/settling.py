"""Makes the record of refs agree with the disk: after a push that died, and after changes behind our back."""

import contextlib
import datetime
import logging
import pathlib
from collections.abc import Callable

from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import FindLastChanges, SettleRepository
from kallithea.model.push_intent import recorded_page
from kallithea.services.application import Application
from kallithea.services.pushes import Recorded, Settled
from kallithea.services.revisions import find_landing
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.vcs.backend import Repository
from kallithea.vcs.opener import open_repository
from kallithea.vcs.types import Kind, VcsError

log = logging.getLogger(__name__)

#: How long a push that has moved refs is trusted to record them itself.
PATIENCE = datetime.timedelta(seconds=10)
_TRIES = 3
_PAGE = 100


def settle(application: Application, repository_id: int) -> None:
    """Journal what moved unrecorded: for whoever announced it, else as from outside.

    Raises VcsError when the repository cannot be read. Nothing happens if it was deleted.
    """
    for _ in range(_TRIES):
        try:
            settled = _settle(application, repository_id)
        except NotFoundError:
            return
        if settled is not Settled.NOT:
            break
    else:
        settled = Settled.PARTLY
    if settled is Settled.PARTLY:
        with writing(application) as services:
            services.outbox.add(SettleRepository(repository_id), delay=PATIENCE)


def settle_all(application: Application, *, check: Callable[[], None] = lambda: None) -> int:
    """Ask for the settling of every repository that differs from its record; the answer is how many.

    ``check`` is called between the pages of repositories, and may raise: what was asked for by then stays so.
    """
    asked, last = 0, 0
    while True:
        check()
        with reading(application) as services:
            rows = services.session.execute(recorded_page(last, _PAGE)).all()
        if not rows:
            return asked
        last = rows[-1].repository_id
        differing = [
            repository_id
            for repository_id, kind, folder, fingerprint, oldest in rows
            if _differs(application, Kind(kind), folder, Recorded(None, fingerprint or "", oldest))
        ]
        if differing:
            with writing(application) as services:
                services.outbox.add_all(map(SettleRepository, differing))
        asked += len(differing)


def _settle(application: Application, repository_id: int) -> Settled:
    with reading(application) as services:
        row = services.repositories.get_by_id(repository_id)
        recorded = services.pushes.recorded(repository_id)
        kind, folder = Kind(row.kind), row.folder
    now = application.clock()
    # the record was read first: if it still stands when the refs are compared with it, they are not older
    with open_repository(kind, _path(application, folder), application.vcs_options) as repository:
        if _agrees(application, repository, recorded):
            return Settled.WHOLLY
        state = repository.state()
        newest = _find_newest(repository, row.landing_ref, now) if recorded.at is None else None
    with writing(application) as services:
        if newest is not None:
            _date_back(services, repository_id, newest)
        return services.pushes.reconcile(
            repository_id,
            state,
            recorded.at,
            alive_since=now - PATIENCE,
            given_up_before=_given_up_before(application),
        )


def _find_newest(repository: Repository, landing_ref: bytes | None, now: datetime.datetime) -> datetime.datetime | None:
    """When the commit was made that pages begin with; None in an empty repository, and where it cannot be read."""
    with contextlib.suppress(VcsError):
        landing = find_landing(repository, landing_ref)
        if landing is not None:
            return min(repository.commit(landing.commit_id).committer.when.astimezone(datetime.UTC), now)
    return None


def _date_back(services: Services, repository_id: int, newest: datetime.datetime) -> None:
    """What was taken over with its history changed last when that did, not when its row was made.

    What lists show of it is counted as after a push. A fork is younger than the history that it began with.
    """
    row = services.repositories.get_by_id(repository_id)
    if row.updated == row.created and row.fork_of_id is None:
        row.updated = newest
        services.outbox.add(FindLastChanges(repository_id))


def _differs(application: Application, kind: Kind, folder: str, recorded: Recorded) -> bool:
    try:
        with open_repository(kind, _path(application, folder), application.vcs_options) as repository:
            return not _agrees(application, repository, recorded)
    except VcsError as problem:
        log.warning("the repository in the folder %s cannot be read: %s", folder, problem)
        return False


def _agrees(application: Application, repository: Repository, recorded: Recorded) -> bool:
    if recorded.oldest_intent is not None and recorded.oldest_intent < _given_up_before(application):
        return False
    return recorded.fingerprint == repository.fingerprint()


def _given_up_before(application: Application) -> datetime.datetime:
    """No push lasts longer than the limit; a little more for clocks that differ."""
    return application.clock() - datetime.timedelta(seconds=application.settings.wire_time_limit) - 6 * PATIENCE


def _path(application: Application, folder: str) -> pathlib.Path:
    return application.settings.repository_folder / folder
