"""Who follows which repositories."""

import sqlalchemy as sa

from kallithea.migrations.steps import TIME, create_index, create_table, drop_table

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    create_table(
        "followers",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "repository_id", name="pk_followers"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_followers_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repositories.repository_id"], name="fk_followers_repository_id", ondelete="CASCADE"
        ),
    )
    create_index("ix_followers_repository_id", "followers", ["repository_id"])


def downgrade() -> None:
    drop_table("followers")
