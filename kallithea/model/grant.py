"""Levels given to subjects on repositories, on groups and on the whole site."""

from collections.abc import Collection

from sqlalchemy import CheckConstraint, ForeignKey, Select, SmallInteger, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.access import Subject, SubjectKind
from kallithea.model.meta import TABLE_OPTIONS, Id, Table

SITE = "site"


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
    """The subject written in ``Grant.subject_key``."""
    kind, _, number = key.partition(":")
    return Subject(SubjectKind(kind), int(number or 0))


def repository_key(repository_id: int) -> str:
    """How a repository is written in ``Grant.target_key``."""
    return f"repository:{repository_id}"


def group_key(repository_group_id: int) -> str:
    """How a repository group is written in ``Grant.target_key``."""
    return f"group:{repository_group_id}"


def group_grants(subjects: Collection[Subject]) -> Select[tuple[int | None, str, int]]:
    """Group (None: the site), subject key and level of all grants to the subjects that are not on a repository."""
    return select(Grant.repository_group_id, Grant.subject_key, Grant.level).where(
        Grant.subject_key.in_(sorted(map(subject_key, subjects))), Grant.repository_id.is_(None)
    )


def repository_grants(subjects: Collection[Subject]) -> Select[tuple[int | None, str, int]]:
    """Repository, subject key and level of all grants to the subjects on repositories."""
    return select(Grant.repository_id, Grant.subject_key, Grant.level).where(
        Grant.subject_key.in_(sorted(map(subject_key, subjects))), Grant.repository_id.is_not(None)
    )
