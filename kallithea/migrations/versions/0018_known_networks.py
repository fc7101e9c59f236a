"""Networks from which people have signed in."""

import sqlalchemy as sa

from kallithea.migrations.steps import TIME, create_index, create_table, drop_table

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    create_table(
        "known_networks",
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_known_networks"),
    )
    create_index("ix_known_networks_seen", "known_networks", ["seen"])


def downgrade() -> None:
    drop_table("known_networks")
