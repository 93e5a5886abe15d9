"""What the payment provider kept of each payment. Nothing is known of the payments that are there: a job asks."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: on SQLite that would drop the triggers of the table.
    op.add_column("ledger_entry", sa.Column("fee_cents", sa.Integer(), nullable=True))
