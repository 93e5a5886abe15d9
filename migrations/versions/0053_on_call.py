"""Who is on call while the line is closed, and that a caller has asked for them."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("intake", sa.Column("emergency_at", sa.DateTime(timezone=True), nullable=True))
    asked = sa.text("emergency_at IS NOT NULL")
    op.create_index(
        "ix_intake_emergency_at", "intake", ["emergency_at"], sqlite_where=asked, postgresql_where=asked
    )
    op.create_table(
        "on_call_rotation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("changes_at", sa.Time(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_rotation")),
    )
    op.create_table(
        "on_call_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_on_call_override_staff_id_staff")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_on_call_override_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_override")),
    )
    op.create_index(op.f("ix_on_call_override_staff_id"), "on_call_override", ["staff_id"])
    op.create_index(op.f("ix_on_call_override_ends_at"), "on_call_override", ["ends_at"])
    _told_of_it_too()


def _told_of_it_too() -> None:
    """Whoever is told that nobody is on shift is told that nobody on call answers."""
    channel = sa.table("alarm_channel", sa.column("id", sa.Integer), sa.column("causes", sa.JSON))
    connection = op.get_bind()
    for one in connection.execute(sa.select(channel.c.id, channel.c.causes)).all():
        causes = one.causes if isinstance(one.causes, list) else json.loads(one.causes)
        if "no_technician" in causes:
            told = sa.update(channel).where(channel.c.id == one.id)
            connection.execute(told.values(causes=[*causes, "on_call"]))
