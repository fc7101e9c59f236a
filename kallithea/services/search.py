"""Searching in what somebody may read at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from kallithea.core.access import Viewer
from kallithea.core.errors import UnavailableError
from kallithea.core.words import _
from kallithea.model.search_index import searched_repositories
from kallithea.search.documents import DocumentKind
from kallithea.search.engine import SearchEngine
from kallithea.search.finding import Found, Hit, Narrowing, find
from kallithea.search.parser import parse_query
from kallithea.search.query import InRepositories, Leaf, Node, OfGroup, OfRepository, replaced
from kallithea.services.index_state import parse_state
from kallithea.services.permissions import Permissions
from kallithea.services.rows import plain_rows


@dataclass(frozen=True, slots=True)
class Place:
    """Where is searched: on the whole site, or in what lies at ``path`` or below it."""

    path: str = ""

    def holds(self, path: str) -> bool:
        """Whether a repository at the path is searched."""
        return not self.path or path == self.path or path.startswith(f"{self.path}/")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of what was found, and the query as it was read.

    ``paths`` and ``systems`` have the path and the version-control system of each repository by its id, ``commit_ids``
    the commits at which files were indexed, by repository and branch.
    """

    found: Found
    paths: Mapping[int, str]
    systems: Mapping[int, str]
    query: Node
    commit_ids: Mapping[tuple[int, str], str]

    def path_of(self, hit: Hit) -> str:
        """The path of the repository of a hit."""
        return self.paths[hit.facts.repository_id]

    def system_of(self, hit: Hit) -> str:
        """``git`` or ``hg``, whichever the repository of a hit is."""
        return self.systems[hit.facts.repository_id]


class Search:
    """Puts queries to the index, each with the ids of what the viewer may read by now."""

    def __init__(self, session: Session, permissions: Permissions, engine: SearchEngine | None) -> None:
        self._session = session
        self._permissions = permissions
        self._engine = engine

    def find(  # who asks for what, where, and which part of it
        self,
        viewer: Viewer,
        text: str,
        place: Place,
        narrowing: Narrowing,
        repositories: frozenset[str] = frozenset(),
        *,
        offset: int,
        limit: int,
    ) -> SearchResult:
        """What meets the query. ``repositories`` are paths that were chosen beside it; none of them means all.

        Raises QueryError, TooCostlyError, SearchError, and UnavailableError where nothing is indexed.
        """
        if self._engine is None:
            raise UnavailableError(_("Nothing is indexed on this site."))
        query = parse_query(text)
        rows = plain_rows(self._session, searched_repositories(self._permissions.readable(viewer)))
        readable = [(number, path, kind) for number, path, kind in rows if place.holds(path)]
        paths = {number: path for number, path, _kind in readable}
        query = replaced(query, lambda leaf: _look_up(leaf, paths))
        if repositories:
            chosen = frozenset(number for number, path in paths.items() if path in repositories)
            narrowing = replace(narrowing, repository_ids=chosen)
        with self._engine.open() as index:
            systems = {number: kind for number, _path, kind in readable}
            found = find(index, query, systems, narrowing, offset=offset, limit=limit)
            states = index.states({hit.facts.repository_id for hit in found.hits})
        commit_ids = {
            (number, name): commit_id
            for number, state in states.items()
            for name, (commit_id, _landing) in (parse_state(state).branches or {}).items()
        }
        return SearchResult(found, paths, systems, query, commit_ids)


#: The kinds in the order of their tabs.
KINDS = (DocumentKind.CODE, DocumentKind.FILE, DocumentKind.COMMIT, DocumentKind.REPOSITORY)


def _look_up(leaf: Leaf, paths: Mapping[int, str]) -> Leaf:
    """Names of repositories and groups as ids of those that the viewer may read."""
    match leaf:
        case OfRepository(text):
            pattern = text.lower()
            return InRepositories(frozenset(number for number, path in paths.items() if _fits(path.lower(), pattern)))
        case OfGroup(text):
            below = f"{text.lower()}/"
            return InRepositories(frozenset(number for number, path in paths.items() if path.lower().startswith(below)))
        case _:
            return leaf


def _fits(path: str, pattern: str) -> bool:
    """Whether a repository is meant: by its path, its name, or a pattern with ``*``, which stands for anything."""
    first, *others = pattern.split("*")
    if not others:
        return pattern in (path, path.rpartition("/")[2])
    *inner, last = others
    at, end = len(first), len(path) - len(last)
    if len(pattern) - len(others) > len(path) or not (path.startswith(first) and path.endswith(last)):
        return False
    # each as early as it can be: that takes no longer for many
    for part in inner:
        found = path.find(part, at, max(at, end))
        if found < 0:
            return False
        at = found + len(part)
    return at <= end
