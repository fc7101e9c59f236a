"""The one name space of repositories and repository groups."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Select, bindparam, or_, select
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


#: The condition of being at one of the paths of ``at_paths``. Every page asks it: building a statement each time would
#: cost more than running it.
AT_PATHS: ColumnElement[bool] = Location.path_key.in_(bindparam("path_keys", expanding=True))


def locations_below(path: str, *, itself: bool = False) -> ColumnElement[bool]:
    """What lies in the group at the path, in all depths; ``itself``: and the group."""
    key = name_key(path)
    below = Location.path_key.startswith(f"{key}/", autoescape=True)
    return or_(below, Location.path_key == key) if itself else below


#: Keys of those of the paths that exist; run it with ``at_paths``.
LOCATIONS: Select[str] = select(Location.path_key).where(AT_PATHS)


def at_paths(paths: Iterable[str]) -> dict[str, list[str]]:
    """Parameters of AT_PATHS."""
    return {"path_keys": [name_key(path) for path in paths]}
