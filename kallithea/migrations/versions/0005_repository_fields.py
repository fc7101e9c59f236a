"""Further facts about repositories."""

import sqlalchemy as sa

from kallithea.migrations.steps import LONG, NAME, create_table, drop_table

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    create_table(
        "repository_fields",
        sa.Column("repository_field_id", sa.Integer(), nullable=False),
        sa.Column("repository_id", sa.Integer(), nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("label", NAME, nullable=False),
        sa.Column("value", LONG, nullable=False),
        sa.PrimaryKeyConstraint("repository_field_id", name="pk_repository_fields"),
        sa.ForeignKeyConstraint(
            ["repository_id"],
            ["repositories.repository_id"],
            name="fk_repository_fields_repository_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("repository_id", "key", name="uq_repository_fields_repository_id_key"),
    )


def downgrade() -> None:
    drop_table("repository_fields")
