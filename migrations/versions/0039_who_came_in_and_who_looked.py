"""The audit tells who came in and who looked, and once an hour what comes again and again."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit", sa.Column("kind", sa.String(length=12), server_default="change", nullable=False))
    op.add_column("audit", sa.Column("once", sa.String(length=200), nullable=True))
    op.create_index("ix_audit_kind", "audit", ["kind"])
    op.create_index("ix_audit_once", "audit", ["once"], unique=True)
