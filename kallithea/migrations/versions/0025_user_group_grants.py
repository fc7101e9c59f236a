"""Rights on groups of users. All signed-in accounts know of all of them, as whoever granted something did before."""

import sqlalchemy as sa
from alembic import op

from kallithea.migrations.steps import add_reference, drop_reference

revision = "0025"
down_revision = "0024"

_GRANTS = sa.table("grants", sa.column("subject_key"), sa.column("target_key"), sa.column("level"))
_TARGETS = "user-groups", "user-group:%"
_READ = 1


def upgrade() -> None:
    add_reference("grants", "on_user_group_id", "user_groups", "user_group_id", ondelete="CASCADE")
    everybody = {"subject_key": "signed-in", "target_key": "user-groups"}
    there = sa.select(_GRANTS.c.level).where(*(_GRANTS.c[name] == value for name, value in everybody.items()))
    if op.get_bind().execute(there).first() is None:
        op.get_bind().execute(_GRANTS.insert().values(**everybody, level=_READ))


def downgrade() -> None:
    op.get_bind().execute(_GRANTS.delete().where(sa.or_(*(_GRANTS.c.target_key.like(one) for one in _TARGETS))))
    drop_reference("grants", "on_user_group_id")
