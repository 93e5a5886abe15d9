"""Whose number: what the same people had before is found by index."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("callback_number", "contact_number", "contact_email", "system_number"):
        op.create_index(f"ix_intake_{column}", "intake", [column])
