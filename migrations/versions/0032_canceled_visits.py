"""When a visit was canceled, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancelled_because", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("cancelled_words", sa.String(length=200), nullable=True))
