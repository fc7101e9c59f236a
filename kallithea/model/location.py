"""The one name space of repositories and repository groups."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, ForeignKey, Select, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.names import name_key
from kallithea.model.meta import TABLE_OPTIONS, Key, Name, Table


class Location(Table):
    """What lies at a path: a repository or a group. ``path_key`` makes paths unique whatever their case."""

    __tablename__ = "locations"
    __table_args__ = (
        CheckConstraint("(repository_id IS NULL) <> (repository_group_id IS NULL)", name="one_owner"),
        TABLE_OPTIONS,
    )

    path_key: Mapped[Key] = mapped_column(primary_key=True)
    path: Mapped[Name]
    repository_id: Mapped[int | None] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="CASCADE"), unique=True
    )
    repository_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("repository_groups.repository_group_id", ondelete="CASCADE"), unique=True
    )


#: Key, repository and group of those of the paths that exist; run it with ``at_paths``. Every page asks this: building
#: a statement each time would cost more than running it.
LOCATIONS: Select[str, int | None, int | None] = select(
    Location.path_key, Location.repository_id, Location.repository_group_id
).where(Location.path_key.in_(bindparam("path_keys", expanding=True)))


def at_paths(paths: Iterable[str]) -> dict[str, list[str]]:
    """Parameters of LOCATIONS."""
    return {"path_keys": [name_key(path) for path in paths]}
