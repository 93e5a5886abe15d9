"""The calls to customers that are counted, and why a callback's number is not dialed."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_dial_intake_id_intake")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dial")),
        sa.UniqueConstraint("key", name=op.f("uq_dial_key")),
    )
    with op.batch_alter_table("dial", schema=None) as batch_op:
        batch_op.create_index("ix_dial_at", ["at"], unique=False)
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.add_column(sa.Column("not_dialed", sa.String(length=20), nullable=True))
