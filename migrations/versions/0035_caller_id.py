"""Whether the network vouches for the number of an owner's call."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("owner_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_vouched", sa.Boolean(), server_default=sa.false(), nullable=False))
