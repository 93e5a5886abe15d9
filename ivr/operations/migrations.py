"""Where the migrations are, and whether all of them have been applied."""

from pathlib import Path
from typing import TYPE_CHECKING

from ivr.core.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

_ROOT = Path(__file__).resolve().parents[2]


def alembic_config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415  # Alembic is slow to import

    return Config(_ROOT / "alembic.ini")


def is_current(database: Database) -> bool:
    """Whether every migration has been applied, and none that this release does not know."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    with database.engine.execution_options(reading=True).connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(alembic_config()).get_heads())
