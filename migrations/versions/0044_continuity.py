"""The flow that the network hosts for us, and the calls that it has taken."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hosted_flow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("rings", sa.String(length=16), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_flow")),
    )
    op.create_table(
        "hosted_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("execution_sid", sa.String(length=40), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("talked_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_hosted_call_intake_id_intake")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosted_call")),
        sa.UniqueConstraint("execution_sid", name=op.f("uq_hosted_call_execution_sid")),
    )
    op.create_index(op.f("ix_hosted_call_began_at"), "hosted_call", ["began_at"])
    op.create_index(op.f("ix_hosted_call_intake_id"), "hosted_call", ["intake_id"])
