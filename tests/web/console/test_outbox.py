"""Without a mail server, letters are read in the console by those who write to customers."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ivr.company.policy import trail
from ivr.core.config import Config
from ivr.core.db import Database
from ivr.platform.providers.mailer import Letter, MailLaterError
from ivr.platform.providers.outbox import NoMailServer, Outbox, outbox_of
from ivr.services import install, services
from tests.support.console import LogIn, console_app

NAME = "letter.7.0123456789abcdef0123"


@pytest.fixture
def folder(database: Database) -> Path:
    """Where the database is, and the letters beside it."""
    return Path(str(database.engine.url.database)).parent


def leaves_a_letter(
    folder: Path,
    *,
    text: str = "Pay here: https://line.example.com/e/abc <b>\n",
    to: str = "ana@example.com",
) -> None:
    Outbox(folder / "outbox", "line@localhost").send(
        Letter(
            to=to,
            subject="Su visita <b>",
            text=text,
            html="<p>page</p>",
            language="es",
            message_id=f"<{NAME}@localhost>",
            sender="Onsite Support",
        )
    )


def test_an_empty_outbox_teaches(operator: FlaskClient) -> None:
    page = operator.get("/outbox").text
    assert "No emails yet" in page
    assert 'aria-current="page">Outbox' in page


def test_a_letter_is_listed_and_read(operator: FlaskClient, folder: Path, database: Database) -> None:
    leaves_a_letter(folder)
    leaves_a_letter(folder)

    assert operator.get("/outbox").text.count("Su visita &lt;b&gt;") == 1
    page = operator.get(f"/outbox/{NAME}").text
    assert 'href="https://line.example.com/e/abc"' in page
    assert "&lt;b&gt;" in page
    assert '<h1 lang="es">' in page
    operator.get(f"/outbox/{NAME}")
    with database.reading():
        (line,) = trail.lines(trail.Wanted(kind=trail.Kind.LETTER), limit=9)
    assert (line.staff_name, line.subject) == ("Omar Haddad", f"Email {NAME}"), "one, and not whose letter"


@pytest.mark.parametrize("path", ["/t/WzEsMV0.aR.x-y_z", "/login/reset/WzEsMV0.aR.x-y_z"])
def test_another_persons_own_link_is_not_shown(operator: FlaskClient, folder: Path, path: str) -> None:
    leaves_a_letter(
        folder, text=f"Your page: https://line.example.com{path} until Monday\n", to="owner@example.com"
    )
    page = operator.get(f"/outbox/{NAME}").text
    assert "WzEsMV0" not in page
    assert "(their own link) until Monday" in page

    leaves_a_letter(folder, text=f"Your page: https://line.example.com{path}\n", to="operator@example.com")
    assert path in operator.get(f"/outbox/{NAME}").text, "their own"


def test_production_without_a_mail_server_keeps_no_letter_and_says_so(
    settings: Config, app: Flask, log_in: LogIn
) -> None:
    owner = log_in("owner")
    assert "No email can be sent" not in owner.get("/intakes").text
    production = replace(settings, public_url="https://line.example.com")
    install(app, replace(services(app), config=production))
    assert outbox_of(production) is None
    assert "No email can be sent" in owner.get("/intakes").text
    with pytest.raises(MailLaterError, match="SMTP_URL"):
        NoMailServer().check()


def test_nobody_reads_another_file(operator: FlaskClient, folder: Path) -> None:
    (folder / "outbox").mkdir()
    (folder / "outbox" / "secret.eml").write_text("secret")
    for name in ("secret", "..%2fline.db", "letter.7.0123456789abcdef0124", "letter.x"):
        assert operator.get(f"/outbox/{name}").status_code == 404


def test_technicians_have_none(log_in: LogIn) -> None:
    technician = log_in("technician")
    assert technician.get("/outbox").status_code == 403
    assert "Outbox" not in technician.get("/intakes").text


def test_with_a_mail_server_there_is_none(settings: Config, app: Flask, operator: FlaskClient) -> None:
    with_server = replace(settings, smtp_url="smtp://localhost")
    install(app, replace(services(app), config=with_server))
    assert console_app is not None
    assert operator.get("/outbox").status_code == 404
    assert "Outbox" not in operator.get("/intakes").text
