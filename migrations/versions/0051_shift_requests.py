"""Requests for leave and swaps of shifts, and the gaps that are known."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("taker_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("off_id", sa.Integer(), nullable=True),
        sa.Column("on_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_shift_request_staff_id_staff")),
        sa.ForeignKeyConstraint(["taker_id"], ["staff.id"], name=op.f("fk_shift_request_taker_id_staff")),
        sa.ForeignKeyConstraint(["settled_by"], ["staff.id"], name=op.f("fk_shift_request_settled_by_staff")),
        sa.ForeignKeyConstraint(
            ["off_id"], ["shift_change.id"], name=op.f("fk_shift_request_off_id_shift_change")
        ),
        sa.ForeignKeyConstraint(
            ["on_id"], ["shift_change.id"], name=op.f("fk_shift_request_on_id_shift_change")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_request")),
    )
    for column in ("staff_id", "taker_id", "state"):
        op.create_index(op.f(f"ix_shift_request_{column}"), "shift_request", [column])
    op.create_table(
        "coverage_watch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("looked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_watch")),
    )
