"""What is allowed to subjects on the whole site."""

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import TABLE_OPTIONS, Id, Table
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup


class GivenAllowance(Table):
    """That something is allowed to a subject. ``name`` is that of ``core.allowances``, ``subject_key`` as in Grant."""

    __tablename__ = "allowances"
    __table_args__ = (UniqueConstraint("subject_key", "name"), TABLE_OPTIONS)

    allowance_id: Mapped[Id]
    subject_key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), index=True)
    user_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_groups.user_group_id", ondelete="CASCADE"), index=True
    )


#: Subject key and name of all that is allowed to the subjects ``subject_keys``.
GIVEN: Select[str, str] = select(GivenAllowance.subject_key, GivenAllowance.name).where(
    GivenAllowance.subject_key.in_(bindparam("subject_keys", expanding=True))
)

_NAMED = or_(GivenAllowance.user_id.is_not(None), GivenAllowance.user_group_id.is_not(None))


def named_receivers() -> Select[str, str]:
    """Subject keys of the accounts and groups of users to which something is allowed, with their names, in order."""
    return (
        select(GivenAllowance.subject_key, func.coalesce(User.name, UserGroup.name))
        .outerjoin(User, User.user_id == GivenAllowance.user_id)
        .outerjoin(UserGroup, UserGroup.user_group_id == GivenAllowance.user_group_id)
        .where(_NAMED)
        .distinct()
        .order_by(func.coalesce(User.name, UserGroup.name), GivenAllowance.subject_key)
    )


def count_receivers() -> Select[int]:
    """How many those are."""
    return select(func.count(GivenAllowance.subject_key.distinct())).where(_NAMED)


def given_to(key: str) -> Select[GivenAllowance]:
    """What is allowed to the subject with this key."""
    return select(GivenAllowance).where(GivenAllowance.subject_key == key)
