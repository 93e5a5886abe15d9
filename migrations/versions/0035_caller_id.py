"""Whether the caller's carrier vouches for their number."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("call", "owner_call"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("is_vouched", sa.Boolean(), server_default=sa.false(), nullable=False)
            )
