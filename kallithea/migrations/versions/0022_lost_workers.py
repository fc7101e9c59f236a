"""How many workers that had a job were never heard of again."""

import sqlalchemy as sa

from kallithea.migrations.steps import add_column, drop_column

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    add_column("outbox", sa.Column("lost", sa.SmallInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    drop_column("outbox", "lost")
