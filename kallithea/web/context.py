"""What a path leads to: the site itself, a repository group, or a repository."""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from kallithea.core.access import Level, Viewer, Visibility
from kallithea.core.errors import ForbiddenError, NotFoundError
from kallithea.core.words import _
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.services.followers import NOT_FOLLOWED, Following
from kallithea.services.locating import Located, locate
from kallithea.services.rights import NO_ID
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

    ``kind`` and ``visibility`` are the repository's, for pages that are made after their unit was rolled back.
    ``other`` is a second repository, of the same kind, that the page shows too and that the viewer may read as well.
    ``forked`` and ``followed``: whether there may be forks and followers. ``forks`` counts those forks that the viewer
    may read, ``following`` tells of followers, and ``source`` is the path of what this is a fork of, if they may read
    that: for pages that show them, see ``with_network``.
    """

    repository: Repository
    path: str
    level: Level
    kind: str
    visibility: Visibility
    rest: Segments = field(default=())
    other: "RepositoryContext | None" = None
    forked: bool = False
    followed: bool = False
    forks: int = 0
    following: Following = NOT_FOLLOWED
    source: str = ""

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rsplit("/", 1)[-1]


def require_writer(context: RepositoryContext) -> None:
    """Raise ForbiddenError for who may not change files of the repository."""
    if context.level < Level.WRITE:
        raise ForbiddenError(_("To change files you need the right to write to this repository."))


Context: TypeAlias = SiteContext | GroupContext | RepositoryContext


def load_context(services: Services, viewer: Viewer, segments: Segments) -> RepositoryContext | GroupContext:
    """The repository or group at a path. Raises NotFoundError, also for what the viewer may not see.

    What is hidden and what does not exist take the same way through the same statements.
    """
    located = _locate(services, viewer, segments)
    repository = located.repository
    level, visibility = services.permissions.access_at(viewer, located.asked, located.around, located.asked_depth)
    if repository is not None and level >= Level.READ:
        rest = segments[located.depth :]
        return RepositoryContext(
            repository,
            repository.path,
            level,
            repository.kind,
            visibility,
            rest,
            forked=located.forked,
            followed=located.followed,
        )
    group_id = located.group_id or NO_ID
    group = services.session.get(RepositoryGroup, group_id)
    visible = services.repository_groups.visible(viewer, group_id)
    if group is not None and visible:
        return GroupContext(group, group.path, services.permissions.group_level(viewer, group.repository_group_id))
    raise NotFoundError(_("There is nothing at this address."))


def with_other(services: Services, viewer: Viewer, context: RepositoryContext, path: bytes) -> RepositoryContext:
    """The same context with the repository at a path beside it, if that is another one.

    Raises NotFoundError, also for what the viewer may not see, and for one of the other kind.
    """
    other = load_context(services, viewer, split_path(path))
    if not isinstance(other, RepositoryContext) or other.rest or other.repository.kind != context.repository.kind:
        raise NotFoundError(_("There is no such repository."))
    return context if other.path == context.path else replace(context, other=other)


def with_network(services: Services, viewer: Viewer, context: RepositoryContext, *, source: bool) -> RepositoryContext:
    """The same context, with the numbers of forks and followers, and with ``source`` also what it is a fork of."""
    repositories, repository_id = services.repositories, context.repository.repository_id
    following = services.followers.count(viewer.user_id, repository_id) if context.followed else NOT_FOLLOWED
    forks = repositories.count_forks(viewer, context.repository) if context.forked else 0
    found = repositories.find_source(viewer, context.repository) if source else None
    source_path = found.path if found is not None else ""
    return replace(context, forks=forks, following=following, source=source_path)


def with_rest(context: Context, rest: Segments) -> Context:
    """The same context, with the segments that follow the name of the page."""
    return replace(context, rest=rest)


def _locate(services: Services, viewer: Viewer, segments: Segments) -> Located:
    repository_id = find_permanent_id(segments)
    if repository_id is None:
        return locate(services.session, find_prefixes(segments), len(segments))
    # With all groups known, rights ask nothing that depends on where the repository lies, if it exists.
    services.permissions.tree(viewer)
    return Located(services.repositories.find_by_id(repository_id), None, (), 1, 1)
