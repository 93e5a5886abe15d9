"""What the network found of a caller's number, whether a caller has answered anything, and refused numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call", sa.Column("stir_verstat", sa.String(length=60), nullable=True))
    op.add_column("call", sa.Column("shield", sa.String(length=10), nullable=True))
    # Rows that exist, and those that the release before still writes, count as people. No batch: on SQLite a table that
    # is made anew loses the triggers of the search.
    op.add_column("intake", sa.Column("is_silent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("intake", sa.Column("wrong_keys", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "refused_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused_by", sa.String(length=100), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name="fk_refused_number_intake_id_intake"),
        sa.PrimaryKeyConstraint("id", name="pk_refused_number"),
    )
    op.create_index("ix_refused_number_number", "refused_number", ["number", "ends_at"], unique=False)
    op.create_index("ix_refused_number_intake_id", "refused_number", ["intake_id"], unique=False)
    op.create_table(
        "silent_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_silent_day"),
        sa.UniqueConstraint("day", name="uq_silent_day_day"),
    )
