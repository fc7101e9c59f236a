"""What people may make on the whole site. All signed-in accounts fork, as they did before."""

import sqlalchemy as sa
from alembic import op

from kallithea.migrations.steps import create_index, create_table, drop_table

revision = "0017"
down_revision = "0016"

_ALLOWANCES = sa.table("allowances", sa.column("subject_key"), sa.column("name"))


def upgrade() -> None:
    create_table(
        "allowances",
        sa.Column("allowance_id", sa.Integer(), nullable=False),
        sa.Column("subject_key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_group_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("allowance_id", name="pk_allowances"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_allowances_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_group_id"],
            ["user_groups.user_group_id"],
            name="fk_allowances_user_group_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("subject_key", "name", name="uq_allowances_subject_key_name"),
    )
    for column in ("user_id", "user_group_id"):
        create_index(f"ix_allowances_{column}", "allowances", [column])
    first = {"subject_key": "signed-in", "name": "fork"}
    there = sa.select(_ALLOWANCES.c.name).where(*(_ALLOWANCES.c[name] == value for name, value in first.items()))
    if op.get_bind().execute(there).first() is None:
        op.get_bind().execute(_ALLOWANCES.insert().values(first))


def downgrade() -> None:
    drop_table("allowances")
