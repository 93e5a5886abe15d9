"""Indexes of intakes without the rows that nobody looks for in them; and the words that the search knows, on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

#: Each index that goes, and what comes in its place: its columns, and its rows.
INSTEAD = {
    "ix_intake_stage_id": ("ix_intake_to_visit", ["id"], "stage IN ('paid', 'booked')"),
    "ix_intake_state_created_at": ("ix_intake_not_closed", ["state", "created_at"], "state <> 'closed'"),
    "ix_intake_language_created_at": (
        "ix_intake_not_english",
        ["language", "created_at"],
        "language <> 'en'",
    ),
    **{
        f"ix_intake_{column}": (f"ix_intake_{column}_known", [column], f"{column} IS NOT NULL")
        for column in ("callback_number", "contact_number", "contact_email", "system_number")
    },
}


def upgrade() -> None:
    for index, (name, columns, rows) in INSTEAD.items():
        op.create_index(name, "intake", columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))
        # The release before reads the same, more slowly where it asks for all rows of a stage, state or language.
        op.drop_index(index, table_name="intake")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE intake_search_words USING fts5vocab(intake_search, instance)")
