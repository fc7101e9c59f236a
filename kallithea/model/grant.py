"""Levels given to subjects on repositories, on groups and on the whole site."""

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
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.access import Subject, SubjectKind
from kallithea.model.meta import TABLE_OPTIONS, Id, Table
from kallithea.model.repository import Repository
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup

SITE = "site"

# An id of ours: nine digits fit in every engine.
_NUMBER = re.compile("[1-9][0-9]{0,8}")


class Grant(Table):
    """One level, given to one subject on one target.

    The two keys (``user:3``, ``visitors``; ``repository:7``, ``group:2``, ``site``) make grants unique on engines
    that let NULLs repeat; the foreign keys delete grants together with what they speak of.
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


#: Subject key, level, group, repository; and of the repository its group, its owner, and whether it is private.
GrantTuple: TypeAlias = tuple[str, int, int | None, int | None, int | None, int | None, bool | None]


#: Every grant to the subjects of ``to_subjects``. Neither a group nor a repository means the site.
GRANTS: Select[str, int, int | None, int | None, int | None, int | None, bool | None] = (
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
    .where(Grant.subject_key.in_(bindparam("subject_keys", expanding=True)))
)

#: Those of GRANTS that are on the targets of ``to_subjects``.
GRANTS_ON = GRANTS.where(Grant.target_key.in_(bindparam("target_keys", expanding=True)))


def to_subjects(subjects: Iterable[Subject], target_keys: Iterable[str] = ()) -> dict[str, list[str]]:
    """Parameters of GRANTS and GRANTS_ON."""
    return {"subject_keys": sorted(map(subject_key, subjects)), "target_keys": sorted(target_keys)}
