"""The window that a visit had before it was moved; and forms that a lapsed log-in kept from being sent."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("was_starts_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("was_ends_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "unsent_form",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("action", sa.String(length=500), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("staff_id"),
    )
