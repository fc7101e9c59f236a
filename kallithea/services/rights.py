"""Rows about groups and grants as what ``core.access`` decides from."""

import collections
import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kallithea.core.access import Grants, GroupNode, Level, RepositoryNode, Subject, Tree, Viewer
from kallithea.model.grant import GrantTuple, subject_key
from kallithea.model.repository import Repository
from kallithea.model.repository_group import GroupTuple

#: No row has this id.
NO_ID = 0


@dataclass(frozen=True, slots=True)
class Rights:
    """A tree of groups, and the repositories that have grants to its viewer."""

    tree: Tree
    repositories: Mapping[int, RepositoryNode]

    def level(self, repository: RepositoryNode) -> Level:
        """The viewer's level on a repository in one of the groups; its own grants are taken from here."""
        known = self.repositories.get(repository.repository_id)
        grants = {} if known is None else known.grants
        # most have none
        own = repository if grants == repository.grants else dataclasses.replace(repository, grants=grants)
        return self.tree.repository_level(own)


def rights_of(viewer: Viewer, groups: Iterable[GroupTuple], grants: Iterable[GrantTuple]) -> Rights:
    """What follows from these groups, and from these grants to the viewer's subjects."""
    subjects = {subject_key(subject): subject for subject in viewer.subjects}
    on_groups: dict[int | None, dict[Subject, Level]] = collections.defaultdict(dict)
    repositories: dict[int, RepositoryNode] = {}
    on_repositories: dict[int, dict[Subject, Level]] = collections.defaultdict(dict)
    for key, level, group_id, repository_id, parent_id, owner_id, private in grants:
        if repository_id is None:
            on_groups[group_id][subjects[key]] = Level(level)
            continue
        on_repositories[repository_id][subjects[key]] = Level(level)
        repositories[repository_id] = RepositoryNode(
            repository_id, parent_id, owner_id, bool(private), on_repositories[repository_id]
        )
    nothing: Grants = {}
    nodes = (GroupNode(*group, on_groups.get(group[0], nothing)) for group in groups)
    return Rights(Tree(viewer, nodes, on_groups[None]), repositories)


def node_of(repository: Repository) -> RepositoryNode:
    """A repository as far as rights are concerned, without its grants."""
    return RepositoryNode(repository.repository_id, repository.group_id, repository.owner_id, repository.private)


def nobodys(group_id: int | None) -> RepositoryNode:
    """A repository in the group that nobody may see and that does not exist."""
    return RepositoryNode(NO_ID, group_id, None, private=True)
