"""Where something new lies in the one name space of repositories and groups."""

from sqlalchemy.orm import Session

from kallithea.core.errors import InvalidError
from kallithea.core.names import name_key, parse_path
from kallithea.core.words import _
from kallithea.model.location import Location
from kallithea.model.repository_group import RepositoryGroup, group_by_path


def place(session: Session, path: str) -> tuple[Location, RepositoryGroup | None]:
    """A new location at the path, and the group it lies in; None for the top of the site.

    The group's part is written as the group writes it, and nobody renames, moves or deletes that until the commit: it
    takes a writing unit. One that was just renamed is meant by its old path as well. Raises InvalidError for a path
    that cannot be one, and for a group that does not exist.
    """
    path = parse_path(path)
    parent = find_around(session, path)
    if parent is None:
        return Location(path=path, path_key=name_key(path)), None
    held = session.get(
        RepositoryGroup, parent.repository_group_id, populate_existing=True, with_for_update={"read": True}
    )
    if held is None:
        raise no_such_group(path.rpartition("/")[0])
    path = parse_path(f"{held.path}/{path.rpartition('/')[2]}")
    return Location(path=path, path_key=name_key(path)), held


def find_around(session: Session, path: str) -> RepositoryGroup | None:
    """The group in which the path lies; None for the top of the site.

    Raises InvalidError for a path that cannot be one, and for a group that does not exist.
    """
    parent_path = parse_path(path).rpartition("/")[0]
    parent = session.scalar(group_by_path(parent_path)) if parent_path else None
    if parent_path and parent is None:
        raise no_such_group(parent_path)
    return parent


def no_such_group(path: str) -> InvalidError:
    """The words about a group that does not exist, or may not be seen: the two are never told apart."""
    return InvalidError({"name": _("there is no repository group '%(path)s'; create it first", path=path)})
