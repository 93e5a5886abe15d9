"""The window that a visit had before it was moved, for the customer's page."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("was_starts_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("was_ends_at", sa.DateTime(timezone=True), nullable=True))
