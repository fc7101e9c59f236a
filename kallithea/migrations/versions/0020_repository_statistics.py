"""Commits of repositories by week, author and language."""

import sqlalchemy as sa

from kallithea.migrations.steps import LONG, NAME, TIME, create_table, drop_table

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    create_table(
        "repository_statistics",
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("commit_id", sa.String(64), nullable=False),
        sa.Column("counted", TIME, nullable=False),
        sa.Column("problem", NAME, nullable=False),
        sa.Column("counts", LONG, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", name="pk_repository_statistics"),
        sa.ForeignKeyConstraint(
            ["repository_id"],
            ["repositories.repository_id"],
            name="fk_repository_statistics_repository_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    drop_table("repository_statistics")
