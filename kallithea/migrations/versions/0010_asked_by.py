"""Who waits for a job."""

import json

import sqlalchemy as sa
from alembic import op

from kallithea.migrations.steps import add_column, create_index, drop_column, drop_index

revision = "0010"
down_revision = "0009"

_ASKED = ("ForkRepository", "ImportRepository", "PullRepository")
_OUTBOX = sa.table("outbox", sa.column("outbox_id"), sa.column("kind"), sa.column("arguments"), sa.column("asked_by"))


def upgrade() -> None:
    add_column("outbox", sa.Column("asked_by", sa.Integer(), nullable=True))
    create_index("ix_outbox_asked_by", "outbox", ["asked_by"])
    bind = op.get_bind()
    asked = sa.select(_OUTBOX.c.outbox_id, _OUTBOX.c.arguments).where(_OUTBOX.c.kind.in_(_ASKED))
    for outbox_id, arguments in bind.execute(asked).all():
        user_id = json.loads(arguments)["user_id"]
        bind.execute(_OUTBOX.update().where(_OUTBOX.c.outbox_id == outbox_id).values(asked_by=user_id))


def downgrade() -> None:
    drop_index("ix_outbox_asked_by", "outbox")
    drop_column("outbox", "asked_by")
