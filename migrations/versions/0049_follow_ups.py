"""Follow-ups, and when a recorded message was first heard."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants_no_letters", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.String(length=16), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_follow_up_closed_by_staff")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_follow_up_intake_id_intake")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_follow_up_owner_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("cause", "subject_id", name=op.f("uq_follow_up_cause_subject_id")),
    )
    op.create_index(op.f("ix_follow_up_intake_id"), "follow_up", ["intake_id"])
    op.create_index("ix_follow_up_made_at", "follow_up", ["made_at"])
    op.create_index(
        "ix_follow_up_open",
        "follow_up",
        ["owner_id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "follow_up_watch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_watch")),
    )
    op.add_column("clip", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_clip_unheard",
        "clip",
        ["made_at"],
        sqlite_where=sa.text("heard_at IS NULL"),
        postgresql_where=sa.text("heard_at IS NULL"),
    )
