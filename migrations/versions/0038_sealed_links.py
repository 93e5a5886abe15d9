"""Links in letters and orders are sealed; a recording of a caller is served at a signed address alone."""

import sqlalchemy as sa
from alembic import op

from ivr.core.db import Seal

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    with op.batch_alter_table("clip") as clip:
        clip.alter_column("token", existing_type=sa.String(43), nullable=True)
    connection = op.get_bind()
    seal = getattr(connection.dialect, "seal", None)
    if seal is not None:
        _seal(connection, seal, "mail", "values")
        _seal(connection, seal, "checkout", "asked")


def _seal(connection: sa.Connection, seal: Seal, name: str, column: str) -> None:
    table = sa.table(name, sa.column("id"), sa.column(column, sa.JSON))
    kept = table.c[column]
    for row_id, value in connection.execute(sa.select(table.c.id, kept)).all():
        if value and value.keys() != {"sealed"}:
            sealed = {"sealed": seal.seal_json(value)}
            connection.execute(table.update().where(table.c.id == row_id).values({column: sealed}))
