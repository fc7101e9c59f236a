"""What a matrix of permissions is made from."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from kallithea.core.names import name_key, storable
from kallithea.model.grant import Grant
from kallithea.model.repository import Repository
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, UserGroupMember


def named_grants(target_keys: Collection[str]) -> Select[*tuple[Any, ...]]:
    """Every grant on the targets: columns as in ``GIVEN``, and the account or the group."""
    return (
        select(Grant.subject_key, Grant.level, Grant.target_key, User, UserGroup)
        .outerjoin(User, User.user_id == Grant.user_id)
        .outerjoin(UserGroup, UserGroup.user_group_id == Grant.user_group_id)
        .where(Grant.target_key.in_(target_keys))
        .order_by(User.name_key, UserGroup.name_key)
    )


def member_counts(user_group_ids: Collection[int]) -> Select[int, int]:
    """How many active accounts are in each of these groups of users, none of those without any."""
    return (
        select(UserGroupMember.user_group_id, func.count())
        .join(User, User.user_id == UserGroupMember.user_id)
        .where(UserGroupMember.user_group_id.in_(user_group_ids), User.active)
        .group_by(UserGroupMember.user_group_id)
    )


def memberships_among(user_ids: Collection[int], user_group_ids: Collection[int]) -> Select[int, int]:
    """Account and group, of those of these accounts that are in these groups."""
    return select(UserGroupMember.user_id, UserGroupMember.user_group_id).where(
        UserGroupMember.user_id.in_(user_ids), UserGroupMember.user_group_id.in_(user_group_ids)
    )


def grants_below(subject_keys: Collection[str], group_ids: Collection[int], around_id: int | None) -> Select[Grant]:
    """Grants to the subjects on these groups, and on repositories in them and in the group that they all lie in."""
    around = Repository.group_id.is_(None) if around_id is None else Repository.group_id == around_id
    return (
        select(Grant)
        .outerjoin(Repository, Repository.repository_id == Grant.repository_id)
        .where(
            Grant.subject_key.in_(subject_keys),
            or_(
                Grant.repository_group_id.in_(group_ids),
                and_(Grant.repository_id.is_not(None), or_(around, Repository.group_id.in_(group_ids))),
            ),
        )
        .order_by(Grant.grant_id)
    )


def grants_on_each_user_group(subject_keys: Collection[str]) -> Select[Grant]:
    """Grants to the subjects on single groups of users."""
    mine = select(Grant).where(Grant.subject_key.in_(subject_keys), Grant.on_user_group_id.is_not(None))
    return mine.order_by(Grant.grant_id)


def offered_users(words: str, limit: int) -> Select[str]:
    """The first names of active accounts in which the words are found, or in whose full names they are."""
    full_name = func.lower(User.first_name + " " + User.last_name)
    found = or_(User.name_key.contains(name_key(words), autoescape=True), _contains(full_name, words))
    return select(User.name).where(User.active, found).order_by(User.name_key).limit(limit)


def offered_user_groups(words: str, known: ColumnElement[bool], limit: int) -> Select[str]:
    """The first names of active groups of users in which the words are found, among those that are ``known``."""
    found = UserGroup.name_key.contains(name_key(words), autoescape=True)
    return select(UserGroup.name).where(UserGroup.active, known, found).order_by(UserGroup.name_key).limit(limit)


def _contains(text: ColumnElement[str], words: str) -> ColumnElement[bool]:
    return text.contains(storable(words.lower()), autoescape=True)
