"""What days have used, and the runs of the nightly backup."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cost_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_day")),
        sa.UniqueConstraint("zone", "day", name=op.f("uq_cost_day_zone_day")),
    )
    op.create_index(op.f("ix_leg_started_at"), "leg", ["started_at"])
    op.create_index(op.f("ix_clip_made_at"), "clip", ["made_at"])
    op.create_index(op.f("ix_ledger_entry_at"), "ledger_entry", ["at"])
    op.create_index(op.f("ix_quote_state_valid_until"), "quote", ["state", "valid_until"])
    op.create_table(
        "backup_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("is_good", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_run")),
    )
    op.create_index(op.f("ix_backup_run_begun_at"), "backup_run", ["begun_at"])
