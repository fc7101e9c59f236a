"""The request that asked for a job, for logs."""

import sqlalchemy as sa

from kallithea.migrations.steps import add_column, drop_column

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    add_column("outbox", sa.Column("request_id", sa.String(64), nullable=True))


def downgrade() -> None:
    drop_column("outbox", "request_id")
