"""Further addresses of people, and links in mails that prove them."""

import sqlalchemy as sa

from kallithea.migrations.steps import KEY, LONG, NAME, TIME, create_index, create_table, drop_table

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    create_table(
        "email_addresses",
        sa.Column("email_address_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("email", NAME, nullable=False),
        sa.Column("email_key", KEY, nullable=False),
        sa.Column("verified", TIME, nullable=False),
        sa.PrimaryKeyConstraint("email_address_id", name="pk_email_addresses"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_email_addresses_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("email_key", name="uq_email_addresses_email_key"),
    )
    create_index("ix_email_addresses_user_id", "email_addresses", ["user_id"])
    create_table(
        "mail_links",
        sa.Column("mail_link_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("email", NAME, nullable=False),
        sa.Column("email_key", KEY, nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("details", LONG, nullable=False),
        sa.Column("language", NAME, nullable=False),
        sa.Column("network", NAME, nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.PrimaryKeyConstraint("mail_link_id", name="pk_mail_links"),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_mail_links_user_id", ondelete="CASCADE"),
    )
    for column in ("user_id", "email_key", "network", "expires"):
        create_index(f"ix_mail_links_{column}", "mail_links", [column])


def downgrade() -> None:
    drop_table("mail_links")
    drop_table("email_addresses")
