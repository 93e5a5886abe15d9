"""PostgreSQL restarts between two webhooks: nobody hears of it."""

from sqlalchemy import text

from ivr.core.db import Database, session

ALL_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_connections_that_the_server_has_ended_are_replaced_before_anybody_uses_them(
    postgres_database: Database,
) -> None:
    engine = postgres_database.engine
    with engine.connect() as one, engine.connect() as two:
        one.execute(text("SELECT 1"))
        two.execute(text("SELECT 1"))
    with engine.connect() as admin:
        ended = admin.scalar(text(f"SELECT count(pg_terminate_backend(pid)) {ALL_OTHERS}"))

    for _ in range(3):
        with postgres_database.transaction():
            assert session.scalar(text("SELECT 1")) == 1
    assert ended
