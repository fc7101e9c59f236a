"""Whether somebody may use a repository, in few statements and without a session: for every request of git and hg.

What is hidden and what does not exist take the same statements.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from kallithea.core.access import Level, RepositoryNode, Viewer
from kallithea.model.admission import AT_PLACE, BY_ID
from kallithea.model.grant import GRANTS, to_subjects
from kallithea.model.key_lists import with_fixed_lists
from kallithea.model.location import at_paths
from kallithea.model.repository_group import group_rows
from kallithea.services.rights import Rights, nobodys, rights_of

_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class BriefRepository:
    """What clients of git and hg need of a repository. ``folder`` is relative to the repository folder.

    ``publishing`` is that of ``model.repository``.
    """

    repository_id: int
    kind: str
    folder: str
    path: str
    publishing: bool


@dataclass(frozen=True, slots=True)
class Admission:
    """A repository, if there is one, and the level of whoever asks for it."""

    repository: BriefRepository | None
    level: Level


def find_by_path(connection: Connection, viewer: Viewer, paths: Sequence[str], depth: int) -> Admission:
    """The repository at the path of ``depth`` segments; ``paths`` are all its prefixes that can be names.

    One statement.
    """
    rows = connection.execute(*with_fixed_lists(AT_PLACE, at_paths(paths) | _to_subjects(viewer.subjects))).all()
    return _decide(viewer, tuple(rows), depth)


def find_by_id(connection: Connection, viewer: Viewer, repository_id: int) -> Admission:
    """The repository with the id. All groups are read, so that it makes no difference in which of them it lies."""
    groups = connection.execute(group_rows()).all()
    grants = connection.execute(GRANTS, to_subjects(viewer.subjects)).all()
    rights = rights_of(viewer, groups, grants)
    row = connection.execute(BY_ID, {"repository_id": repository_id}).one_or_none()
    return _admission(row, rights) if row is not None else Admission(None, rights.level(nobodys(None)))


# Both follow from nothing but their arguments, which are the same in every poll.
_to_subjects = functools.lru_cache(maxsize=_REMEMBERED)(to_subjects)


@functools.lru_cache(maxsize=_REMEMBERED)
def _decide(viewer: Viewer, rows: tuple[Any, ...], depth: int) -> Admission:
    groups = {_depth(row.path): row for row in rows if row.repository_group_id is not None}
    # a group at the path itself is not around it
    groups.pop(depth, None)
    around = [(row.repository_group_id, row.parent_id, row.group_owner_id) for row in groups.values()]
    rights = rights_of(viewer, around, [row[:7] for row in rows if row.subject_key is not None])
    found = next((row for row in rows if row.repository_id is not None), None)
    if found is not None and _depth(found.path) == depth:
        return _admission(found, rights)
    innermost = groups[max(groups)].repository_group_id if groups else None
    return Admission(None, rights.level(nobodys(innermost)))


def _admission(row: Any, rights: Rights) -> Admission:
    node = RepositoryNode(row.repository_id, row.group_id, row.owner_id, row.private)
    brief = BriefRepository(row.repository_id, row.kind, row.folder, row.path, row.publishing)
    return Admission(brief, rights.level(node))


def _depth(path: str) -> int:
    """How many segments a path has."""
    return path.count("/") + 1
