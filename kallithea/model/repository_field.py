"""Further facts about repositories, as their administrators name them."""

from sqlalchemy import ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import TABLE_OPTIONS, Id, Long, Name, Table


class RepositoryField(Table):
    """One text. ``key`` names it for programs, ``label`` for people."""

    __tablename__ = "repository_fields"
    __table_args__ = (UniqueConstraint("repository_id", "key"), TABLE_OPTIONS)

    repository_field_id: Mapped[Id]
    repository_id: Mapped[int] = mapped_column(ForeignKey("repositories.repository_id", ondelete="CASCADE"))
    key: Mapped[Name]
    label: Mapped[Name]
    value: Mapped[Long] = mapped_column(default="")


def fields_of(repository_id: int) -> Select[RepositoryField]:
    """The fields of a repository in the order in which they were made."""
    return (
        select(RepositoryField)
        .where(RepositoryField.repository_id == repository_id)
        .order_by(RepositoryField.repository_field_id)
    )
