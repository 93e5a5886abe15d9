"""notes and wrap-up."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notes", sa.String(length=5000), nullable=True))
        batch_op.add_column(sa.Column("wrap_up", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("wrap_up_note", sa.String(length=200), nullable=True))
