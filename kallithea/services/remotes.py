"""Where repositories come from: addresses, sealed credentials, and how often they are pulled from there."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import NotFoundError, message_of
from kallithea.core.escapes import escape_bytes
from kallithea.core.jobs import ImportRepository
from kallithea.core.record_marks import find_change, mark_of
from kallithea.core.remote_addresses import RemoteAddress, RemoteAddressError, parse_remote_address
from kallithea.core.schedules import Schedule
from kallithea.core.words import _, pack, unpack
from kallithea.model.outbox import waiting_arguments
from kallithea.model.remote import Remote, due_remotes, pending_ids, remote_of
from kallithea.model.repository import Repository
from kallithea.services.permissions import Permissions
from kallithea.services.repository_settings import RepositorySettings
from kallithea.services.sealing import Sealing
from kallithea.vcs.remote import Credentials, RemoteError, RemoteRules, RemoteSource

_MOST_DUE = 100
_MOST_LEFT = 100
# Where nothing is pulled from.
_NO_VALUES: dict[str, object] = {"remote": None}


@dataclass(frozen=True, slots=True)
class ShownRemote:
    """A remote as people see it: whether credentials are stored, not what they are. See ``model.remote``.

    ``left`` names refs that the last pull has left alone, each with the reason. ``entered_by`` is who has entered the
    credentials, empty where that is not known.
    """

    address: str
    has_credentials: bool
    schedule: Schedule
    pulled: datetime.datetime | None
    tried: datetime.datetime | None
    problem: str
    left: tuple[tuple[str, str], ...]
    entered_by: str = ""


@dataclass(frozen=True, slots=True)
class RemoteChange:
    """What shall be different. ``credentials`` None keeps those that are stored, as long as the address stays.

    ``forget`` removes them.
    """

    address: RemoteAddress
    schedule: Schedule
    credentials: Credentials | None = None
    forget: bool = False


class Remotes:
    """Keeps the rows of remotes."""

    def __init__(  # the services that it works with
        self,
        session: Session,
        now: datetime.datetime,
        rules: RemoteRules,
        sealing: Sealing,
        settings: RepositorySettings,
        permissions: Permissions,
    ) -> None:
        self._session = session
        self._now = now
        self._rules = rules
        self._sealing = sealing
        self._settings = settings
        self._permissions = permissions

    def find(self, repository_id: int) -> ShownRemote | None:
        """The remote of a repository, or None; no rights are asked."""
        row = self._session.scalar(remote_of(repository_id))
        return _shown(row) if row is not None else None

    def find_repository(self, remote_id: int) -> int | None:
        """The repository that was made from a remote, or None."""
        return self._session.scalar(select(Remote.repository_id).where(Remote.remote_id == remote_id))

    def start(self, actor: Actor, change: RemoteChange) -> int:
        """Store where a repository shall come from before it is there; the answer names that."""
        row = Remote(address="", schedule=Schedule.OFF.value, created=self._now)
        self._session.add(row)
        self._change(actor, row, change)
        self._session.flush()
        return row.remote_id

    def attach(self, remote_id: int, repository_id: int) -> None:
        """The repository is there, and has just been fetched."""
        row = self._session.get_one(Remote, remote_id)
        row.repository_id = repository_id
        row.pulled = row.tried = self._now
        row.due = self._next(row)

    def discard(self, remote_id: int) -> None:
        """Forget a remote whose repository did not come; one that has a repository stays."""
        condition = (Remote.remote_id == remote_id) & Remote.repository_id.is_(None)
        self._session.execute(delete(Remote).where(condition))

    def discard_lost(self) -> int:
        """Forget all remotes whose repository will not come, because no job is there for it; the answer is how many."""
        # these first: the job of one that is stored meanwhile is not seen
        pending = list(self._session.scalars(pending_ids()))
        waiting = self._session.scalars(waiting_arguments(ImportRepository.__name__))
        expected = {json.loads(arguments)["remote_id"] for arguments in waiting}
        lost = [remote_id for remote_id in pending if remote_id not in expected]
        for remote_id in lost:
            self.discard(remote_id)
        return len(lost)

    def source(self, remote_id: int) -> RemoteSource:
        """From where to fetch. Raises NotFoundError, SealError, and RemoteError where the rules have changed."""
        return self._source(self._session.get(Remote, remote_id))

    def source_of(self, repository_id: int) -> RemoteSource:
        """The same for a repository that is there.

        What somebody has entered is used as long as they administer the repository; after that, this raises
        RemoteError.
        """
        row = self._session.scalar(remote_of(repository_id))
        source = self._source(row)
        if row is not None and source.credentials is not None and row.entered_by_id is not None:
            viewer = self._permissions.viewer_of_user(row.entered_by_id)
            if self._permissions.level(viewer, self._session.get_one(Repository, repository_id)) < Level.ADMIN:
                words = _(
                    "The stored password was entered by %(name)s, who does not administer this repository any more."
                    " Enter it again.",
                    name=row.entered_by,
                )
                raise RemoteError(words)
        return source

    def mark(self, shown: ShownRemote | None) -> str:
        """What stands for the remote of a repository, for ``update``."""
        if shown is None:
            return mark_of(_NO_VALUES)
        return mark_of(_values(shown.address, shown.schedule.value, shown.has_credentials))

    def update(
        self,
        actor: Actor,
        viewer: Viewer | None,
        repository_id: int,
        change: RemoteChange,
        was: str | None = None,
    ) -> None:
        """Set or change the remote, if it is what ``was`` is the mark of.

        The viewer needs ADMIN, without one no rights are asked. Raises NotFoundError, ForbiddenError,
        ChangedMeanwhileError.
        """
        repository = self._settings.lock(viewer, repository_id)
        row = self._session.scalar(remote_of(repository_id))
        before = _audited(row)
        if row is None:
            row = Remote(repository_id=repository_id, address="", schedule=Schedule.OFF.value, created=self._now)
            self._session.add(row)
        self._change(actor, row, change)
        row.due = self._next(row)
        after = _audited(row) | ({"remote_password": "a new one"} if change.credentials is not None else {})
        if find_change(before, after, was)[1]:
            self._settings.record(actor, repository, f"repository:{repository.path}", before, after)

    def remove(self, actor: Actor, viewer: Viewer | None, repository_id: int) -> None:
        """Forget the remote and its credentials. Raises NotFoundError, ForbiddenError."""
        repository = self._settings.lock(viewer, repository_id)
        row = self._session.scalar(remote_of(repository_id))
        if row is not None:
            self._session.delete(row)
            self._settings.record(actor, repository, f"repository:{repository.path}", _audited(row), _audited(None))

    def note_pull(self, repository_id: int, *, problem: str = "", left: Sequence[tuple[bytes, str]] = ()) -> None:
        """Remember how a pull has ended: why it failed, or what it has left alone.

        Nothing happens if the remote is gone.
        """
        row = self._session.scalar(remote_of(repository_id))
        if row is None:
            return
        row.tried, row.problem = self._now, pack(problem)
        if not problem:
            row.pulled = self._now
            row.note = json.dumps([[escape_bytes(name), pack(words)] for name, words in left[:_MOST_LEFT]])

    def take_due(self) -> list[int]:
        """Repositories that are to be pulled now; each is due again after its time."""
        rows = self._session.scalars(due_remotes(self._now, _MOST_DUE)).all()
        for row in rows:
            row.due = self._next(row)
        return [row.repository_id for row in rows if row.repository_id is not None]

    def _change(self, actor: Actor, row: Remote, change: RemoteChange) -> None:
        address_before, row.address = row.address, str(change.address)
        row.schedule = change.schedule.value
        if change.credentials is not None:
            row.credentials = self._sealing.seal(change.address.origin, change.credentials)
            row.entered_by_id, row.entered_by = actor.user_id, actor.name if actor.user_id is not None else ""
        # what one administrator has entered would show another one other repositories of the same site
        elif change.forget or address_before != row.address:
            row.credentials, row.entered_by_id, row.entered_by = None, None, ""

    def _next(self, row: Remote) -> datetime.datetime | None:
        every = Schedule(row.schedule).every
        return None if every is None else self._now + every

    def _source(self, row: Remote | None) -> RemoteSource:
        if row is None:
            raise NotFoundError(_("The repository has no remote."))
        try:
            address = parse_remote_address(row.address, self._rules.schemes)
        except RemoteAddressError as problem:
            words = _("The address is not allowed any more: %(problem)s.", problem=message_of(problem))
            raise RemoteError(words) from problem
        sealed = row.credentials
        credentials = self._sealing.open(address.origin, sealed) if sealed is not None else None
        return RemoteSource(address, self._rules, credentials)


def _shown(row: Remote) -> ShownRemote:
    return ShownRemote(
        row.address,
        row.credentials is not None,
        Schedule(row.schedule),
        row.pulled,
        row.tried,
        unpack(row.problem),
        tuple((name, unpack(words)) for name, words in json.loads(row.note or "[]")),
        row.entered_by,
    )


def _audited(row: Remote | None) -> dict[str, object]:
    return _values(row.address, row.schedule, row.credentials is not None) if row is not None else _NO_VALUES


def _values(address: str, schedule: str, has_credentials: bool) -> dict[str, object]:
    stored = "stored" if has_credentials else "none"
    return {"remote": address, "remote_schedule": schedule, "remote_password": stored}
