"""Repositories, and what is recorded of their refs."""

import datetime

from sqlalchemy import ColumnElement, Enum, ForeignKey, Select, String, bindparam, select, true
from sqlalchemy.orm import Mapped, aliased, contains_eager, joinedload, mapped_column, relationship

from kallithea.core.names import name_key
from kallithea.model.follower import is_followed
from kallithea.model.location import AT_PATHS, Location
from kallithea.model.meta import Id, Long, Name, Table
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user import User


class Repository(Table):
    """A repository. Its path is its Location's; ``folder`` is where its files lie, relative to the repository folder.

    ``folder`` does not follow a change of the path, so that renaming and moving happen in the database alone.
    ``kind`` is ``git`` or ``hg``. ``fork_of_id`` names what it was forked from, as long as that is there; whoever is
    told of it must have the right to read it. ``landing_ref`` names the branch, bookmark or tag that pages begin with;
    None is the repository's own default. ``downloads``: whether there are archives; ``statistics``: whether pages show
    how active it is. ``publishing``: whether Mercurial's changesets become public here; Git has no such thing.
    ``settings_version`` grows with each change of its settings.
    """

    __tablename__ = "repositories"

    repository_id: Mapped[Id]
    kind: Mapped[str] = mapped_column(Enum("git", "hg", name="kind", native_enum=False, create_constraint=True))
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("repository_groups.repository_group_id", ondelete="RESTRICT"), index=True
    )
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id", ondelete="SET NULL"), index=True)
    description: Mapped[Long] = mapped_column(default="")
    private: Mapped[bool] = mapped_column(default=False)
    folder: Mapped[str] = mapped_column(String(500), unique=True)
    created: Mapped[datetime.datetime]
    updated: Mapped[datetime.datetime] = mapped_column(index=True)
    fork_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="SET NULL"), index=True
    )
    landing_ref: Mapped[bytes | None]
    downloads: Mapped[bool] = mapped_column(default=True, server_default=true())
    statistics: Mapped[bool] = mapped_column(default=True, server_default=true())
    publishing: Mapped[bool] = mapped_column(default=True, server_default=true())
    settings_version: Mapped[int] = mapped_column(default=0, server_default="0")

    location: Mapped[Location] = relationship(
        lazy="joined", innerjoin=True, cascade="all, delete-orphan", passive_deletes=True, single_parent=True
    )
    owner: Mapped[User | None] = relationship(lazy="raise")

    @property
    def path(self) -> str:
        """The whole path, such as ``group/name``."""
        return self.location.path

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.location.path.rsplit("/", 1)[-1]


class RepositoryState(Table):
    """The refs as last recorded: what was announced by pushes or found by settling.

    ``fingerprint`` is that of the refs recorded, empty when they are known to differ from the disk. ``refs`` is the
    compressed text of RefState.refs.
    """

    __tablename__ = "repository_states"

    repository_id: Mapped[int] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="CASCADE"), primary_key=True
    )
    fingerprint: Mapped[Name] = mapped_column(default="")
    refs: Mapped[bytes]
    recorded: Mapped[datetime.datetime]


#: The repository with the id ``repository_id``, with its owner.
REPOSITORY_BY_ID: Select[Repository] = (
    select(Repository)
    .options(joinedload(Repository.owner))
    .where(Repository.repository_id == bindparam("repository_id"))
)

_Fork = aliased(Repository)

#: Whether there are forks of the repository in the same statement.
_FORKED = select(_Fork.repository_id).where(_Fork.fork_of_id == Repository.repository_id).exists().label("forked")

#: Whether anybody follows the repository in the same statement.
_FOLLOWED = is_followed(Repository.repository_id).label("followed")

#: Key, the group with its parent and owner, the repository with its owner, and whether there are forks and followers of
#: it, of what lies at those of the paths that exist; run it with ``at_paths``.
LOCATED: Select[str, int | None, int | None, int | None, Repository | None, bool, bool] = (
    select(
        Location.path_key,
        RepositoryGroup.repository_group_id,
        RepositoryGroup.parent_id,
        RepositoryGroup.owner_id,
        Repository,
        _FORKED,
        _FOLLOWED,
    )
    .outerjoin(RepositoryGroup, RepositoryGroup.repository_group_id == Location.repository_group_id)
    .outerjoin(Repository, Repository.repository_id == Location.repository_id)
    .options(contains_eager(Repository.location), joinedload(Repository.owner))
    .where(AT_PATHS)
)


def repository_by_path(path: str) -> Select[Repository]:
    """The repository at this path, whatever its case."""
    return select(Repository).join(Repository.location).where(Location.path_key == name_key(path))


def network_paths(repository_id: int, condition: ColumnElement[bool]) -> Select[str]:
    """Paths of the repositories that meet the condition, among those that forks connect with this one, itself too."""
    links = select(Repository.repository_id, Repository.fork_of_id)
    above = links.where(Repository.repository_id == repository_id).cte("above", recursive=True)
    above = above.union(links.where(Repository.repository_id == above.c.fork_of_id))
    network = select(above.c.repository_id).cte("network", recursive=True)
    network = network.union(select(Repository.repository_id).where(Repository.fork_of_id == network.c.repository_id))
    return (
        select(Location.path)
        .join(Repository.location)
        .where(Repository.repository_id.in_(select(network.c.repository_id)), condition)
        .order_by(Location.path_key)
    )


def folder_owner(folder: str) -> Select[int]:
    """Id of the repository whose files lie in this folder."""
    return select(Repository.repository_id).where(Repository.folder == folder)


def oldest_folders(count: int) -> Select[str]:
    """Folders of so many repositories, those that were made first."""
    return select(Repository.folder).order_by(Repository.repository_id).limit(count)


def folders() -> Select[str, str]:
    """Folder and path of all repositories."""
    return select(Repository.folder, Location.path).join(Repository.location)
