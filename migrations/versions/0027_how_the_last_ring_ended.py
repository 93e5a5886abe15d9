"""How the last ring ended: of a callback, and of a member of staff's telephone.

Expand: both columns are empty for rows that exist and for the release before, which does not look at them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_try", sa.String(length=20), nullable=True))
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_outcome", sa.String(length=12), nullable=True))
