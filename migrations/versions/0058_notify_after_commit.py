"""A new job no longer notifies in its own transaction: the service does so when it has committed (decision 51).

The release before, beside this one, finds new jobs within half a second, as its workers look by themselves.
"""

from pathlib import Path

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_WITHOUT_NOTIFY = Path(__file__).parents[1] / "procrastinate" / "without_notify.sql"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_WITHOUT_NOTIFY.read_text())
