"""The migration that seals the links which the release before kept in clear."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, select

from ivr.app import create_app
from ivr.cli.db import make_folder
from ivr.company.mail.models import Mail
from ivr.core import clock
from ivr.core.config import DESK, from_environment
from ivr.services import services
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

CLEAR = {"url": "https://line.test/pay/a-link-of-a-customer"}


def test_letters_of_the_release_before_are_sealed_and_still_read(tmp_path: Path) -> None:
    app = create_app(from_environment(DESK | {"DATABASE_URL": f"sqlite:///{tmp_path / 'line.db'}"}))
    with app.app_context():
        make_folder()
        command.upgrade(Config(ROOT / "alembic.ini"), "0032")
    database = services(app).database
    letter = {
        "key": "quote:1",
        "kind": "estimate",
        "to": "rosa@example.com",
        "language": "en",
        "subject": "-",
    }
    with database.engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection, only=["mail"])
        mail = tables.tables["mail"]
        row = letter | {"values": CLEAR, "state": "sent", "created_at": clock.now().replace(tzinfo=None)}
        connection.execute(mail.insert(), row)

    assert app.test_cli_runner().invoke(args=["db", "upgrade"], catch_exceptions=False).exit_code == 0

    with database.reading() as session:
        assert "a-link-of-a-customer" not in str(session.execute(select(mail)).all())
        assert session.scalars(select(Mail.values)).one() == CLEAR
    database.engine.dispose()
