"""Which repositories somebody may read, as a rule short enough to ask a database with."""

from collections.abc import Iterable
from dataclasses import dataclass

from kallithea.core.access import Level, RepositoryNode, Tree


@dataclass(frozen=True, slots=True)
class GroupRule:
    """The groups in which repositories without grants of their own are readable. ``top`` speaks of those in no group.

    Of readable and unreadable groups the fewer are named: ``group_ids`` are the unreadable ones if ``inverted``.
    """

    top: bool
    group_ids: frozenset[int]
    inverted: bool

    def admits(self, group_id: int | None) -> bool:
        """Whether repositories in the group are readable."""
        return self.top if group_id is None else (group_id in self.group_ids) is not self.inverted


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A repository is readable if ``owner_id`` owns it, its id is allowed, or its group admits and it is not denied.

    If ``only`` is not None, its id must be among these besides. The group is looked up in ``public`` or in ``private``,
    as the repository is. ``allowed`` and ``denied`` hold only the ids of those of which the group alone would give the
    wrong answer.
    """

    owner_id: int | None
    public: GroupRule
    private: GroupRule
    allowed: frozenset[int]
    denied: frozenset[int]
    only: frozenset[int] | None = None


def read_rule(tree: Tree, repositories: Iterable[RepositoryNode]) -> ReadRule:
    """The rule for the tree's viewer. ``repositories`` are all those that have grants of their own to the viewer."""
    public, private = _group_rule(tree, private=False), _group_rule(tree, private=True)
    allowed: set[int] = set()
    denied: set[int] = set()
    for repository in repositories:
        readable = tree.repository_level(repository) >= Level.READ
        rule = private if repository.private else public
        if readable is not rule.admits(repository.group_id):
            (allowed if readable else denied).add(repository.repository_id)
    owner_id = tree.viewer.user_id if tree.viewer.ceiling >= Level.READ else None
    return ReadRule(owner_id, public, private, frozenset(allowed), frozenset(denied), tree.viewer.only)


def _group_rule(tree: Tree, *, private: bool) -> GroupRule:
    readable = {group_id for group_id in tree.groups if tree.level_within(group_id, private=private) >= Level.READ}
    inverted = 2 * len(readable) > len(tree.groups)
    named = tree.groups.keys() - readable if inverted else readable
    return GroupRule(tree.level_within(None, private=private) >= Level.READ, frozenset(named), inverted)
