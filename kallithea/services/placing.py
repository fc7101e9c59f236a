"""Where something new lies in the one name space of repositories and groups."""

from sqlalchemy.orm import Session

from kallithea.core.errors import InvalidError
from kallithea.core.names import name_key, parse_path
from kallithea.core.words import _
from kallithea.model.location import Location
from kallithea.model.repository_group import RepositoryGroup, group_by_path


def place(session: Session, path: str) -> tuple[Location, RepositoryGroup | None]:
    """A new location at the path, and the group it lies in; None for the top of the site.

    The group's part is written as the group writes it. Raises InvalidError for a path that cannot be one, and for a
    group that does not exist.
    """
    path = parse_path(path)
    parent_path, _slash, name = path.rpartition("/")
    if not parent_path:
        return Location(path=path, path_key=name_key(path)), None
    parent = session.scalar(group_by_path(parent_path))
    if parent is None:
        raise no_such_group(parent_path)
    path = f"{parent.path}/{name}"
    return Location(path=path, path_key=name_key(path)), parent


def no_such_group(path: str) -> InvalidError:
    """The words about a group that does not exist, or may not be seen: the two are never told apart."""
    return InvalidError({"name": _("there is no repository group '%(path)s'; create it first", path=path)})
