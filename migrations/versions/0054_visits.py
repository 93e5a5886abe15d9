"""The day of a visit: since when somebody is chosen, of which day the customer was reminded, how often they moved."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("customer_moves", sa.Integer(), server_default=sa.text("0"), nullable=False),
    ):
        op.add_column("booking", column)
    op.create_index(op.f("ix_booking_starts_at"), "booking", ["starts_at"])
