"""Extensions of telephone numbers, and the keys of a number of which one is still missing."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("callback_extension", "contact_extension", "system_extension"):
        op.add_column("intake", sa.Column(name, sa.String(length=10), nullable=True))
    op.add_column("callback", sa.Column("extension", sa.String(length=10), nullable=True))
    op.add_column("call", sa.Column("keyed", sa.String(length=10), nullable=True))
