"""What a path leads to: the site itself, a repository group, or a repository."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from kallithea.core.access import Level, Viewer
from kallithea.core.errors import NotFoundError
from kallithea.model.location import LOCATIONS, at_paths
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.services.scope import Services
from kallithea.web.paths import Segments, find_permanent_id, find_prefixes, split_path


@dataclass(frozen=True, slots=True)
class SiteContext:
    """The site: pages whose addresses are the application's own. Everybody may ask them."""

    rest: Segments = ()
    level: Level = Level.READ


@dataclass(frozen=True, slots=True)
class GroupContext:
    """A repository group that the viewer may see."""

    group: RepositoryGroup
    path: str
    level: Level
    rest: Segments = ()


@dataclass(frozen=True, slots=True)
class RepositoryContext:
    """A repository that the viewer may read; ``rest`` is what follows the name of the page in the path.

    ``other`` is a second repository, of the same kind, that the page shows too and that the viewer may read as well.
    """

    repository: Repository
    path: str
    level: Level
    rest: Segments = field(default=())
    other: "RepositoryContext | None" = None

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rsplit("/", 1)[-1]


Context: TypeAlias = SiteContext | GroupContext | RepositoryContext

#: No row has this id.
_NO_ID = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Ids of what may lie at a path, ``_NO_ID`` where nothing does, and the segments after the repository's name."""

    repository_id: int
    group_id: int
    nearest_group_id: int | None
    rest: Segments


def load_context(services: Services, viewer: Viewer, segments: Segments) -> RepositoryContext | GroupContext:
    """The repository or group at a path. Raises NotFoundError, also for what the viewer may not see.

    What is hidden and what does not exist take the same way through the same statements.
    """
    candidate = _find_candidate(services, viewer, segments)
    repository = services.repositories.find_by_id(candidate.repository_id)
    asked = repository or Repository(
        repository_id=_NO_ID, group_id=candidate.nearest_group_id, owner_id=None, private=True
    )
    level = services.permissions.level(viewer, asked)
    if repository is not None and level >= Level.READ:
        return RepositoryContext(repository, repository.path, level, candidate.rest)
    group = services.session.get(RepositoryGroup, candidate.group_id)
    visible = services.repository_groups.visible(viewer, candidate.group_id)
    if group is not None and visible:
        return GroupContext(group, group.path, services.permissions.group_level(viewer, group.repository_group_id))
    raise NotFoundError("There is nothing at this address.")


def with_other(services: Services, viewer: Viewer, context: RepositoryContext, path: bytes) -> RepositoryContext:
    """The same context with the repository at a path beside it, if that is another one.

    Raises NotFoundError, also for what the viewer may not see, and for one of the other kind.
    """
    other = load_context(services, viewer, split_path(path))
    if not isinstance(other, RepositoryContext) or other.rest or other.repository.kind != context.repository.kind:
        raise NotFoundError("There is no such repository.")
    return context if other.path == context.path else replace(context, other=other)


def with_rest(context: Context, rest: Segments) -> Context:
    """The same context, with the segments that follow the name of the page."""
    return replace(context, rest=rest)


def _find_candidate(services: Services, viewer: Viewer, segments: Segments) -> _Candidate:
    repository_id = find_permanent_id(segments)
    if repository_id is not None:
        # With all groups known, rights ask nothing that depends on where the repository lies, if it exists.
        services.permissions.tree(viewer)
        return _Candidate(repository_id, _NO_ID, None, segments[1:])
    paths = find_prefixes(segments)
    found = {row.path_key.count("/"): row for row in services.session.execute(LOCATIONS, at_paths(paths))}
    repository = next(((depth, row) for depth, row in found.items() if row.repository_id is not None), None)
    nearest = _nearest_group_id(found, len(segments) - 1)
    if repository is not None:
        depth, row = repository
        return _Candidate(row.repository_id or _NO_ID, _NO_ID, nearest, segments[depth + 1 :])
    group = found.get(len(segments) - 1)
    group_id = group.repository_group_id if group is not None else None
    return _Candidate(_NO_ID, group_id or _NO_ID, nearest, ())


def _nearest_group_id(found: Mapping[int, Any], below: int) -> int | None:
    """The group in which something at the path lies, or would lie."""
    groups = [depth for depth, row in found.items() if row.repository_group_id is not None and depth < below]
    return found[max(groups)].repository_group_id if groups else None
