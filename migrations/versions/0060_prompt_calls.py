"""The calls that play a prompt to the owner."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.String(length=1000), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sid", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_prompt_call_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_call")),
    )
    op.create_index(op.f("ix_prompt_call_staff_id"), "prompt_call", ["staff_id"])
    op.create_index(op.f("ix_prompt_call_made_at"), "prompt_call", ["made_at"])
    op.create_index(op.f("ix_prompt_call_sid"), "prompt_call", ["sid"])
