"""Whether the paid time of a visit is enough: the question, the calls that ask it, and the leg of a yes."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "time_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_leg", sa.String(length=64), nullable=True),
        sa.Column("rate_cents", sa.Integer(), nullable=True),
        sa.Column("quote_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_time_check_intake_id_intake")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["staff.id"], name=op.f("fk_time_check_technician_id_staff")
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_time_check_quote_id_quote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_check")),
        sa.UniqueConstraint("intake_id", "ends_at", name=op.f("uq_time_check_intake_id_ends_at")),
    )
    op.create_table(
        "site_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("called", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sid", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard", sa.String(length=12), nullable=True),
        sa.Column("patient_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["check_id"], ["time_check.id"], name=op.f("fk_site_call_check_id_time_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_call")),
        sa.UniqueConstraint("check_id", "called", name=op.f("uq_site_call_check_id_called")),
    )
    op.create_index(op.f("ix_site_call_sid"), "site_call", ["sid"])
    op.create_index("ix_booking_arrived_at", "booking", ["arrived_at"])
    op.add_column("quote", sa.Column("agreed_leg", sa.String(length=64), nullable=True))
