"""Until when a message broker has the number of a job."""

import sqlalchemy as sa

from kallithea.migrations.steps import TIME, add_column, create_index, drop_column, drop_index

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    add_column("outbox", sa.Column("handed_until", TIME, nullable=True))
    create_index("ix_outbox_state", "outbox", ["state", "outbox_id"])


def downgrade() -> None:
    drop_index("ix_outbox_state", "outbox")
    drop_column("outbox", "handed_until")
