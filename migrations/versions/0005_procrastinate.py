"""Procrastinate's tables, on PostgreSQL, and the jobs that wait.

Its schema as procrastinate 3.10.0 ships it (MIT licence, in the same folder). A later version of the library brings
migrations of its own: each becomes one of ours.

Revision ID: 0005
Revises: 0004
"""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SCHEMA = Path(__file__).parents[1] / "procrastinate" / "3.10.0.sql"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    # Through the driver, which takes many statements at once and no percent sign for a parameter.
    connection.connection.driver_connection.execute(_SCHEMA.read_text())
    op.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, scheduled_at)"
        " SELECT 'default', 'ivr.run', CASE WHEN state = 'ready' THEN key END,"
        " jsonb_build_object('name', name, 'key', key, 'payload', payload::text), run_at"
        " FROM job WHERE state IN ('ready', 'running') ORDER BY id"
    )
    op.execute("DELETE FROM job")
