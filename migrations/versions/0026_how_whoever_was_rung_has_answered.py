"""How whoever was rung has answered: what the leg sounded like, how long we wait for a key, and how it ended.

Expand: all columns are empty for the release before, which does not look at them. Rows that exist get the outcome that
their state says. What a leg that had only "completed" was, nobody knows any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("call", "offer"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("heard", sa.String(length=12), nullable=True))
            batch_op.add_column(sa.Column("patient_until", sa.DateTime(timezone=True), nullable=True))
            batch_op.add_column(sa.Column("outcome", sa.String(length=12), nullable=True))
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE call SET outcome = REPLACE(status, '-', '_') "
        "WHERE direction = 'callback' AND status IN ('busy', 'no-answer', 'failed')"
    )
    op.execute("UPDATE offer SET outcome = 'reached' WHERE state = 'accepted'")
    op.execute("UPDATE offer SET outcome = state WHERE state IN ('declined', 'busy', 'no_answer', 'failed')")
