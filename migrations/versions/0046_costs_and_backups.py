"""What settled days have used, and the runs of the nightly backup."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0042"
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
