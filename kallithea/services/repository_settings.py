"""What administrators of a repository change about it."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.allowances import Allowance
from kallithea.core.errors import ForbiddenError, InvalidError, NotFoundError
from kallithea.core.jobs import IndexRepository
from kallithea.core.names import find_segment_problem, name_key, parse_description
from kallithea.core.record_marks import find_change, mark_of
from kallithea.core.words import _
from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.services.audit import Audit
from kallithea.services.insertion import unique
from kallithea.services.journal import Journal
from kallithea.services.outbox import Outbox
from kallithea.services.permissions import Permissions
from kallithea.services.placing import place
from kallithea.services.repository_groups import RepositoryGroups
from kallithea.services.users import Users, no_active_account
from kallithea.vcs.types import Kind


@dataclass(frozen=True, slots=True)
class RepositoryChange:
    """What shall be different; None stays as it is.

    ``name`` is the last part of the path and ``group`` the rest of it, empty for the top of the site. ``owner`` is the
    name of an account. ``landing`` names the branch, bookmark or tag that pages begin with, empty for the default one:
    see ``services.landing``.
    """

    name: str | None = None
    group: str | None = None
    owner: str | None = None
    description: str | None = None
    private: bool | None = None
    landing: bytes | None = None
    downloads: bool | None = None
    statistics: bool | None = None
    publishing: bool | None = None


class RepositorySettings:
    """Changes what is written down about a repository. Its folder stays where it is, whatever it is called."""

    def __init__(  # the services that it works with
        self,
        session: Session,
        permissions: Permissions,
        groups: RepositoryGroups,
        users: Users,
        journal: Journal,
        audit: Audit,
        outbox: Outbox,
    ) -> None:
        self._session = session
        self._permissions = permissions
        self._groups = groups
        self._users = users
        self._journal = journal
        self._audit = audit
        self._outbox = outbox

    def mark(self, row: Repository) -> str:
        """What stands for the repository as it is, for ``update``."""
        return mark_of(self._shown(row))

    def update(
        self,
        actor: Actor,
        viewer: Viewer | None,
        repository_id: int,
        change: RepositoryChange,
        was: str | None = None,
    ) -> Repository:
        """Change a repository, if it is what ``was`` is the mark of; the viewer needs ADMIN on it.

        To move it they need what it takes to make one there.
        Without a viewer no rights are asked: that is the command line. Whoever reads the repository sees in its journal
        what was changed, and nothing of what it was before: that may name a group which is hidden from them. Raises
        InvalidError with the problems of all fields, by the names of ``RepositoryChange``, NotFoundError,
        ForbiddenError, ChangedMeanwhileError, and ConflictError where something else lies at the new path.
        """
        row = self.lock(viewer, repository_id)
        target, before = f"repository:{row.path}", self._shown(row)
        _all_of(
            lambda: self._move(viewer, row, change),
            lambda: self._set_owner(row, change),
            lambda: _describe(row, change),
            lambda: _require_phases(row, change),
        )
        _choose(row, change)
        old, new = find_change(before, self._shown(row), was)
        if new:
            self._permissions.forget()
            self.record(actor, row, target, old, new)
        return row

    def lock(self, viewer: Viewer | None, repository_id: int) -> Repository:
        """The row as it is now, which nobody else changes until the commit; the viewer needs ADMIN on it.

        Raises NotFoundError, ForbiddenError.
        """
        row = self._session.get(Repository, repository_id, populate_existing=True, with_for_update=True)
        if row is None:
            raise NotFoundError(_("There is no such repository."))
        if viewer is not None:
            self._permissions.require(viewer, row, Level.ADMIN)
        return row

    def record(
        self, actor: Actor, row: Repository, target: str, before: Mapping[str, object], after: Mapping[str, object]
    ) -> None:
        """Note a change of settings of what is called ``target`` in the audit; pages show it from the commit on."""
        row.settings_version += 1
        self._outbox.add(IndexRepository(row.repository_id))
        self._session.flush()
        self._audit.add(actor, "repository.update", target, before=before, after=after)
        self._journal.add(actor, "repository.update", row, {"changed": sorted(after)})

    def _move(self, viewer: Viewer | None, row: Repository, change: RepositoryChange) -> None:
        old_group = row.path.rpartition("/")[0]
        group = old_group if change.group is None else change.group
        name = row.name if change.name is None else unicodedata.normalize("NFC", change.name)
        problem = find_segment_problem(name)
        if problem is not None:
            raise InvalidError({"name": problem})
        if (name, name_key(group)) == (row.name, name_key(old_group)):
            return
        asked = viewer if name_key(group) != name_key(old_group) else None
        location, parent = self._find_place(asked, group, name)
        with unique(self._session, _("'%(path)s' exists already, as a repository or as a group.", path=location.path)):
            row.location.path, row.location.path_key = location.path, location.path_key
            row.group_id = None if parent is None else parent.repository_group_id

    def _find_place(self, viewer: Viewer | None, group: str, name: str) -> tuple[Location, RepositoryGroup | None]:
        """Where a name in a group lies. Raises InvalidError, also for a group that is hidden from the viewer."""
        found = None
        if group:
            found = self._groups.find(group) if viewer is None else self._groups.find_visible(viewer, group)
        group_id = found.repository_group_id if found is not None else None
        if group and group_id is None:
            raise InvalidError(
                {"group": _("there is no repository group '%(group)s'; choose one of the menu", group=group)}
            )
        if viewer is not None:
            try:
                self._groups.require_room(viewer, group_id, Allowance.CREATE_REPOSITORIES)
            except ForbiddenError as problem:
                words = _("you may not make repositories there; choose one of the menu")
                raise InvalidError({"group": words}) from problem
        return place(self._session, f"{group}/{name}" if group else name)

    def _set_owner(self, row: Repository, change: RepositoryChange) -> None:
        known = self._users.find_by_id(row.owner_id) if row.owner_id is not None else None
        if change.owner is None or name_key(change.owner) == name_key(known.name if known is not None else ""):
            return
        owner = self._users.find(change.owner)
        if owner is None or not owner.active:
            raise no_active_account("owner", change.owner)
        row.owner_id = owner.user_id

    def _shown(self, row: Repository) -> dict[str, object]:
        owner = self._users.find_by_id(row.owner_id) if row.owner_id is not None else None
        return {
            "path": row.path,
            "owner": None if owner is None else owner.name,
            "description": row.description,
            "private": row.private,
            "landing_ref": (row.landing_ref or b"").decode("utf-8", "backslashreplace"),
            "downloads": row.downloads,
            "statistics": row.statistics,
            "publishing": row.publishing,
        }


def _describe(row: Repository, change: RepositoryChange) -> None:
    if change.description is not None:
        row.description = parse_description(change.description)


def _require_phases(row: Repository, change: RepositoryChange) -> None:
    if change.publishing is False and row.kind != Kind.HG:
        raise InvalidError(
            {"publishing": _("commits of Git have no phases; only a Mercurial repository can leave drafts as they are")}
        )


def _choose(row: Repository, change: RepositoryChange) -> None:
    for name in ("private", "downloads", "statistics", "publishing"):
        value = getattr(change, name)
        if value is not None:
            setattr(row, name, value)
    if change.landing is not None:
        row.landing_ref = change.landing or None


def _all_of(*steps: Callable[[], None]) -> None:
    """Take every step, then raise InvalidError with the problems of all."""
    problems: dict[str, str] = {}
    for step in steps:
        try:
            step()
        except InvalidError as problem:
            problems |= problem.problems
    if problems:
        raise InvalidError(problems)
