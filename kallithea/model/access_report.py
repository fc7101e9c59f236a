"""What reports about rights are made from: names of places and of groups of users, and everything that has rights."""

from collections.abc import Collection

from sqlalchemy import Select, select

from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember


def group_paths(group_ids: Collection[int]) -> Select[int, str]:
    """Id and path of these groups of repositories."""
    wanted = select(RepositoryGroup.repository_group_id, Location.path).join(RepositoryGroup.location)
    return wanted.where(RepositoryGroup.repository_group_id.in_(group_ids))


def user_group_names(user_group_ids: Collection[int]) -> Select[int, str]:
    """Id and name of these groups of users."""
    return select(UserGroup.user_group_id, UserGroup.name).where(UserGroup.user_group_id.in_(user_group_ids))


#: Id, parent, owner and path of every group of repositories, in the order of their paths.
ALL_GROUPS: Select[int, int | None, int | None, str] = (
    select(RepositoryGroup.repository_group_id, RepositoryGroup.parent_id, RepositoryGroup.owner_id, Location.path)
    .join(RepositoryGroup.location)
    .order_by(Location.path_key)
)


def repositories_after(path_key: str, limit: int) -> Select[str, int, int | None, int | None, bool, str]:
    """Path key, id, group, owner, privacy and path of the next repositories in the order of their paths."""
    return (
        select(
            Location.path_key,
            Repository.repository_id,
            Repository.group_id,
            Repository.owner_id,
            Repository.private,
            Location.path,
        )
        .join(Repository.location)
        .where(Location.path_key > path_key)
        .order_by(Location.path_key)
        .limit(limit)
    )


def user_groups_after(name_key: str, limit: int) -> Select[str, int, int | None, str]:
    """Name key, id, owner and name of the next groups of users in the order of their names."""
    return (
        select(UserGroup.name_key, UserGroup.user_group_id, UserGroup.owner_id, UserGroup.name)
        .where(UserGroup.name_key > name_key)
        .order_by(UserGroup.name_key)
        .limit(limit)
    )


def active_users_after(name_key: str, limit: int) -> Select[str, int, str, bool]:
    """Name key, id, name, and whether they administer the site, of the next active accounts in their order."""
    return (
        select(User.name_key, User.user_id, User.name, User.super_administrator)
        .where(User.active, User.name_key > name_key)
        .order_by(User.name_key)
        .limit(limit)
    )


def active_memberships(user_ids: Collection[int]) -> Select[int, int]:
    """User and group of users, of these users in active groups."""
    return (
        select(UserGroupMember.user_id, UserGroupMember.user_group_id)
        .join(UserGroup, UserGroup.user_group_id == UserGroupMember.user_group_id)
        .where(UserGroupMember.user_id.in_(user_ids), UserGroup.active)
    )
