"""The list of intakes: what each person last wanted of it, and indexes. Refunds that staff asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

UNASSIGNED = sa.text("technician_id IS NULL AND operator_id IS NULL AND state <> 'closed'")


def upgrade() -> None:
    op.create_table(
        "kept_view",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=300), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_kept_view_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_kept_view")),
    )
    op.create_table(
        "refund_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("checkout_id", sa.Integer(), nullable=False),
        sa.Column("payment", sa.String(length=255), nullable=False),
        sa.Column("refund_id", sa.String(length=255), nullable=True),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["checkout_id"], ["checkout.id"], name=op.f("fk_refund_order_checkout_id_checkout")
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_refund_order_intake_id_intake")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_refund_order_asked_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_order")),
        sa.UniqueConstraint("key", name=op.f("uq_refund_order_key")),
    )
    op.create_index(op.f("ix_refund_order_intake_id"), "refund_order", ["intake_id"])
    op.create_index(op.f("ix_intake_state_created_at"), "intake", ["state", "created_at"])
    op.create_index(op.f("ix_intake_language_created_at"), "intake", ["language", "created_at"])
    for column in ("technician_id", "operator_id"):
        theirs = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            op.f(f"ix_intake_{column}"), "intake", [column], sqlite_where=theirs, postgresql_where=theirs
        )
    op.create_index(
        "ix_intake_unassigned",
        "intake",
        ["created_at"],
        sqlite_where=UNASSIGNED,
        postgresql_where=UNASSIGNED,
    )
    # The list is in the order of ``created_at`` now. The release before only reads its states more slowly.
    op.drop_index(op.f("ix_intake_state_id"), table_name="intake")
