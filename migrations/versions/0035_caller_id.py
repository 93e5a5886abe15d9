"""What the network found of a caller's number."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stir_verstat", sa.String(length=60), nullable=True))
    with op.batch_alter_table("owner_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_vouched", sa.Boolean(), server_default=sa.false(), nullable=False))
