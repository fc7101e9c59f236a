"""Levels given to subjects on repositories, on groups, on the whole site, and on groups of users."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Select,
    SmallInteger,
    String,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from kallithea.core.access import Subject, SubjectKind
from kallithea.core.explanation import Place, PlaceKind
from kallithea.model.location import Location
from kallithea.model.meta import TABLE_OPTIONS, Id, Table
from kallithea.model.repository import Repository
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup

SITE = "site"
USER_GROUPS = "user-groups"

# An id of ours: nine digits fit in every engine.
_NUMBER = re.compile("[1-9][0-9]{0,8}")


class Grant(Table):
    """One level, given to one subject on one target.

    The two keys (``user:3``, ``visitors``; ``repository:7``, ``group:2``, ``site``, ``user-group:5``, ``user-groups``)
    make grants unique on engines that let NULLs repeat; the foreign keys delete grants together with what they speak
    of. ``user_group_id`` is the group of users that has the grant, ``on_user_group_id`` the one that it is on.
    """

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("target_key", "subject_key"),
        CheckConstraint("level BETWEEN 0 AND 3", name="level"),
        TABLE_OPTIONS,
    )

    grant_id: Mapped[Id]
    subject_key: Mapped[str] = mapped_column(String(40), index=True)
    target_key: Mapped[str] = mapped_column(String(40))
    level: Mapped[int] = mapped_column(SmallInteger)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), index=True)
    user_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_groups.user_group_id", ondelete="CASCADE"), index=True
    )
    repository_id: Mapped[int | None] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="CASCADE"), index=True
    )
    repository_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("repository_groups.repository_group_id", ondelete="CASCADE"), index=True
    )
    on_user_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_groups.user_group_id", ondelete="CASCADE"), index=True
    )


def subject_key(subject: Subject) -> str:
    """How a subject is written in ``Grant.subject_key``."""
    return subject.kind.value if subject.built_in else f"{subject.kind.value}:{subject.subject_id}"


def parse_subject_key(key: str) -> Subject:
    """The subject written in ``Grant.subject_key``. Raises ValueError for what ``subject_key`` never writes."""
    kind, _, number = key.partition(":")
    subject = Subject(SubjectKind(kind), int(number) if _NUMBER.fullmatch(number) else 0)
    if subject_key(subject) != key or (subject.subject_id == 0 and not subject.built_in):
        raise ValueError(f"no subject: {key!r}")
    return subject


def repository_key(repository_id: int) -> str:
    """How a repository is written in ``Grant.target_key``."""
    return f"repository:{repository_id}"


def group_key(repository_group_id: int) -> str:
    """How a repository group is written in ``Grant.target_key``."""
    return f"group:{repository_group_id}"


def user_group_key(user_group_id: int) -> str:
    """How a group of users is written in ``Grant.target_key``."""
    return f"user-group:{user_group_id}"


def target_key(place: Place) -> str:
    """How a place is written in ``Grant.target_key``."""
    return f"{place.kind.value}:{place.place_id}" if place.place_id else place.kind.value


def parse_target_key(key: str) -> Place:
    """The place written in ``Grant.target_key``. Raises ValueError for what is never written there."""
    kind, _, number = key.partition(":")
    return Place(PlaceKind(kind), int(number or 0))


def find_grant(target_key: str, subject: Subject) -> Select[Grant]:
    """The grant to the subject on the target itself."""
    return select(Grant).where(Grant.target_key == target_key, Grant.subject_key == subject_key(subject))


def grants_on(target_key: str) -> Select[str, int, str | None]:
    """Subject key, level, and name of the user or user group, of every grant on the target itself."""
    return (
        select(Grant.subject_key, Grant.level, func.coalesce(User.name, UserGroup.name))
        .outerjoin(User, User.user_id == Grant.user_id)
        .outerjoin(UserGroup, UserGroup.user_group_id == Grant.user_group_id)
        .where(Grant.target_key == target_key)
    )


def grants_to(subject: Subject) -> Select[int, str, str | None]:
    """Level, target key, and path or name of what it is on, of every grant to the subject."""
    repository, group = aliased(Location), aliased(Location)
    return (
        select(Grant.level, Grant.target_key, func.coalesce(repository.path, group.path, UserGroup.name))
        .outerjoin(repository, repository.repository_id == Grant.repository_id)
        .outerjoin(group, group.repository_group_id == Grant.repository_group_id)
        .outerjoin(UserGroup, UserGroup.user_group_id == Grant.on_user_group_id)
        .where(Grant.subject_key == subject_key(subject))
        .order_by(Grant.target_key)
    )


#: Subject key, level, group, repository; and of the repository its group, its owner, and whether it is private.
GrantTuple: TypeAlias = tuple[str, int, int | None, int | None, int | None, int | None, bool | None]


_GRANTS: Select[str, int, int | None, int | None, int | None, int | None, bool | None] = (
    select(
        Grant.subject_key,
        Grant.level,
        Grant.repository_group_id,
        Grant.repository_id,
        Repository.group_id,
        Repository.owner_id,
        Repository.private,
    )
    .outerjoin(Repository, Repository.repository_id == Grant.repository_id)
    .where(Grant.on_user_group_id.is_(None), Grant.target_key != USER_GROUPS)
)

#: Every grant to the subjects of ``to_subjects``, but those on groups of users. Neither a group nor a repository
#: means the site.
GRANTS = _GRANTS.where(Grant.subject_key.in_(bindparam("subject_keys", expanding=True)))

#: Those of GRANTS that are on the targets of ``to_subjects``.
GRANTS_ON = GRANTS.where(Grant.target_key.in_(bindparam("target_keys", expanding=True)))

#: Every grant to anybody on the targets ``target_keys``.
GRANTS_TO_ALL_ON = _GRANTS.where(Grant.target_key.in_(bindparam("target_keys", expanding=True)))


#: Subject key, level and target key of every grant to the subjects of ``to_subjects``.
GIVEN: Select[str, int, str] = select(Grant.subject_key, Grant.level, Grant.target_key).where(
    Grant.subject_key.in_(bindparam("subject_keys", expanding=True))
)

#: Those of GIVEN that are on the targets of ``to_subjects``.
GIVEN_ON = GIVEN.where(Grant.target_key.in_(bindparam("target_keys", expanding=True)))

#: Those of GIVEN that are on groups of users.
GIVEN_ON_USER_GROUPS = GIVEN.where(or_(Grant.on_user_group_id.is_not(None), Grant.target_key == USER_GROUPS))


def to_subjects(subjects: Iterable[Subject], target_keys: Iterable[str] = ()) -> dict[str, list[str]]:
    """Parameters of these statements."""
    return {"subject_keys": sorted(map(subject_key, subjects)), "target_keys": sorted(target_keys)}
