"""How many commits repositories got lately."""

import sqlalchemy as sa

from kallithea.migrations.steps import NAME, create_table, drop_table

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    create_table(
        "repository_activities",
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("commit_id", sa.String(64), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("weeks", NAME, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", name="pk_repository_activities"),
        sa.ForeignKeyConstraint(
            ["repository_id"],
            ["repositories.repository_id"],
            name="fk_repository_activities_repository_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    drop_table("repository_activities")
