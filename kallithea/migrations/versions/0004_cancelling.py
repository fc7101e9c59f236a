"""Jobs that were cancelled."""

import sqlalchemy as sa

from kallithea.migrations.steps import add_column, drop_column

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    add_column("job_progress", sa.Column("cancelled", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    drop_column("job_progress", "cancelled")
