"""The worker merges the index of words, not whoever writes: SQLite."""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO intake_search (intake_search, rank) VALUES ('automerge', 0)")
        op.execute("INSERT INTO intake_search (intake_search, rank) VALUES ('crisismerge', 500)")
