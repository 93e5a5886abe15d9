"""Shifts, absences that end by themselves, the calendar of a person, and who visits when."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("away_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away_reason", sa.String(length=100), nullable=True),
        sa.Column("unanswered", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("has_shifts", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("calendar_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
    ):
        op.add_column("staff", column)
    op.create_table(
        "weekly_shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_weekly_shift_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_shift")),
    )
    op.create_index(op.f("ix_weekly_shift_staff_id"), "weekly_shift", ["staff_id"])
    op.create_table(
        "shift_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_shift_change_staff_id_staff")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_shift_change_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_change")),
    )
    op.create_index(op.f("ix_shift_change_staff_id"), "shift_change", ["staff_id"])
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_shift_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_staff_id_ends_at", "shift", ["staff_id", "ends_at"])
    op.create_index(op.f("ix_shift_starts_at"), "shift", ["starts_at"])
    with op.batch_alter_table("booking") as booking:
        booking.add_column(sa.Column("technician_id", sa.Integer(), nullable=True))
        booking.add_column(sa.Column("is_remote", sa.Boolean(), server_default=sa.false(), nullable=False))
        for name in ("on_the_way_at", "arrived_at", "done_at"):
            booking.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        booking.create_foreign_key(op.f("fk_booking_technician_id_staff"), "staff", ["technician_id"], ["id"])
        booking.create_index(op.f("ix_booking_technician_id"), ["technician_id"])
