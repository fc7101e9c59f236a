"""The repositories that a token is bound to, from their paths and back."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from kallithea.core.access import Level, Viewer
from kallithea.core.errors import InvalidError
from kallithea.core.names import MAX_PATH
from kallithea.core.words import _, _n
from kallithea.model.repository import Repository
from kallithea.services.scope import Services

#: Repositories that one token is bound to.
MOST = 50


def resolve_paths(services: Services, viewer: Viewer, paths: Sequence[str]) -> dict[int, str] | None:
    """The repositories at these paths, by id; None where no path is given. Raises InvalidError.

    What the viewer may not read does not exist.
    """
    wanted = list(dict.fromkeys(path.strip().strip("/") for path in paths if path.strip()))
    if not wanted:
        return None
    if len(wanted) > MOST:
        raise InvalidError(
            {"repositories": _n("name at most %(count)s repository", "name at most %(count)s repositories", MOST)}
        )
    services.permissions.tree(viewer)
    found = {}
    for path in wanted:
        repository = services.repositories.find(path) if len(path) <= MAX_PATH and "\0" not in path else None
        if repository is None or services.permissions.level(viewer, repository) < Level.READ:
            raise InvalidError({"repositories": _("there is no repository %(path)s", path=path)})
        found[repository.repository_id] = repository.path
    return found


def find_paths(services: Services, viewer: Viewer, repository_ids: Collection[int]) -> dict[int, str]:
    """The paths of those of the repositories that the viewer may read, by id."""
    if not repository_ids:
        return {}
    among = select(Repository).where(Repository.repository_id.in_(repository_ids))
    readable = among.where(services.permissions.readable(viewer))
    return {row.repository_id: row.path for row in services.session.scalars(readable)}
