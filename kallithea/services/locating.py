"""What lies at a path of the one name space, found so that the hidden and the absent take the same statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.model.location import at_paths
from kallithea.model.repository import LOCATED, Repository

#: No row has this id.
NO_ID = 0


@dataclass(frozen=True, slots=True)
class Located:
    """A repository, a group, or neither. ``depth`` is the number of segments that name it, 0 where nothing is.

    ``around_id`` is the innermost group around it, or around where it would be; None is the top of the site.
    ``forked`` and ``followed``: whether there may be forks and followers of the repository.
    """

    repository: Repository | None
    group_id: int | None
    around_id: int | None
    depth: int
    forked: bool = True
    followed: bool = True

    @property
    def asked(self) -> Repository:
        """The repository, to ask about rights; where there is none, one in the same group that nobody may see."""
        return self.repository or Repository(repository_id=NO_ID, group_id=self.around_id, owner_id=None, private=True)


def locate(session: Session, paths: Sequence[str], count: int) -> Located:
    """The repository at the beginning of a path of ``count`` segments, or the group at the whole of it.

    ``paths`` are the path's prefixes, as far as names can be looked up. One statement.
    """
    rows = session.execute(LOCATED, at_paths(paths))
    found = {key.count("/") + 1: (group_id, row, forked, followed) for key, group_id, row, forked, followed in rows}
    groups = [depth for depth, (group_id, _, _, _) in found.items() if group_id is not None and depth < count]
    around_id = found[max(groups)][0] if groups else None
    for depth, (_, repository, forked, followed) in found.items():
        if repository is not None:
            return Located(repository, None, around_id, depth, forked, followed)
    group_id, _, _, _ = found.get(count, (None, None, False, False))
    return Located(None, group_id, around_id, count if group_id is not None else 0)
