"""What lies at a path of the one name space, found so that the hidden and the absent take the same statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.access import RepositoryNode
from kallithea.model.key_lists import with_fixed_lists
from kallithea.model.location import at_paths
from kallithea.model.repository import LOCATED, Repository
from kallithea.model.repository_group import GroupTuple
from kallithea.services.rights import nobodys, node_of


@dataclass(frozen=True, slots=True)
class Located:
    """A repository, a group, or neither. ``depth`` is the number of segments that name it, 0 where nothing is.

    ``asked_depth`` is the number of segments that could be names.

    ``around`` are the groups around it, or around where it would be, the outermost first.
    ``forked`` and ``followed``: whether there may be forks and followers of the repository.
    """

    repository: Repository | None
    group_id: int | None
    around: Sequence[GroupTuple]
    depth: int
    asked_depth: int
    forked: bool = True
    followed: bool = True

    @property
    def asked(self) -> RepositoryNode:
        """What to ask about rights; where there is no repository, one in the same group that nobody may see."""
        if self.repository is None:
            return nobodys(self.around[-1][0] if self.around else None)
        return node_of(self.repository)


def locate(session: Session, paths: Sequence[str], count: int) -> Located:
    """The repository at the beginning of a path of ``count`` segments, or the group at the whole of it.

    ``paths`` are the path's prefixes, as far as names can be looked up. One statement.
    """
    rows = session.execute(*with_fixed_lists(LOCATED, at_paths(paths)))
    found = {row.path_key.count("/") + 1: row for row in rows}
    groups = {
        depth: (row.repository_group_id, row.parent_id, row.owner_id)
        for depth, row in sorted(found.items())
        if row.repository_group_id is not None
    }
    around = [group for depth, group in groups.items() if depth < count]
    for depth, row in found.items():
        if row.Repository is not None:
            return Located(row.Repository, None, around, depth, len(paths), row.forked, row.followed)
    at_end = groups.get(count)
    group_id, depth = (None, 0) if at_end is None else (at_end[0], count)
    return Located(None, group_id, around, depth, len(paths))
