"""A full disk, a damaged file and a held lock are told in words: to staff, to the balancer, to who runs a command."""

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import event, make_url

from ivr.company.staff import roster
from ivr.core.config import DESK, SIMULATED_ACCOUNT, SIMULATED_TOKEN, Config, from_environment
from ivr.core.db.outages import DAMAGED, FULL
from ivr.platform.voice.signature import signature_for
from ivr.services import services
from tests.support.applications import application
from tests.support.world import LINE


@pytest.fixture
def config(sqlite_alone: str) -> Config:
    return from_environment(DESK | {"DATABASE_URL": sqlite_alone})


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    with application(config) as app:
        yield app


def file_of(config: Config) -> Path:
    return Path(make_url(config.database_url).database or "")


def told(app: Flask, path: str, **form: str) -> tuple[int, str]:
    """What Twilio is answered."""
    form = {
        "AccountSid": SIMULATED_ACCOUNT,
        "CallSid": "CA" + "1" * 32,
        "From": "+14155552671",
        "To": LINE,
    } | form
    url = services(app).config.public_url + path
    answer = app.test_client().post(
        path, data=form, headers={"X-Twilio-Signature": signature_for(url, form, SIMULATED_TOKEN)}
    )
    return answer.status_code, answer.text


def fill_the_disk(app: Flask) -> None:
    """The file may not grow any more: SQLite then says what it says on a full disk."""
    engine = services(app).database.engine

    def no_more(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    event.listen(engine, "connect", no_more)
    engine.dispose()


def test_on_a_full_disk_staff_are_told_so_and_the_call_goes_on(app: Flask) -> None:
    with services(app).database.transaction():
        roster.add("Ruth", "owner", "+14155550131", "ruth@example.com")
    fill_the_disk(app)
    client = app.test_client()
    app.config["WTF_CSRF_METHODS"] = set()

    answers = [
        client.post("/login", data={"email": f"{'x' * 240}{n}@e.co", "password": "x" * 20}) for n in range(19)
    ]

    assert {answer.status_code for answer in answers} == {422, 503}
    assert FULL in answers[-1].text
    assert "Redirect" in told(app, "/voice/incoming")[1]


def test_a_damaged_file_is_told_in_words(app: Flask, config: Config) -> None:
    services(app).database.engine.dispose()
    for beside in ("-wal", "-shm"):
        file_of(config).with_name(file_of(config).name + beside).unlink(missing_ok=True)
    file_of(config).write_bytes(b"no database at all" * 4096)

    assert told(app, "/voice/status", CallStatus="completed")[0] == 503
    ready = app.test_client().get("/ready")
    assert (ready.status_code, ready.text) == (503, f"{DAMAGED}\n")
    upgraded = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert (upgraded.exit_code, upgraded.output) == (1, f"Error: {DAMAGED}\n")
    doctor = app.test_cli_runner().invoke(args=["doctor", "--json"])
    found = {one["check"]: (one["state"], one["found"]) for one in json.loads(doctor.stdout)["checks"]}
    assert (doctor.exit_code, found["database"], found["people"]) == (
        2,
        ("wrong", DAMAGED),
        ("wrong", DAMAGED),
    )


def test_ready_says_when_there_is_hardly_room_left(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    assert client.get("/ready").status_code == 204
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))

    assert (client.get("/ready").status_code, client.get("/ready").text) == (503, f"{FULL}\n")


def test_a_program_that_holds_the_file_leaves_callers_an_apology_within_five_seconds(
    app: Flask, config: Config
) -> None:
    with closing(sqlite3.connect(file_of(config), isolation_level=None)) as program:
        program.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        status, document = told(app, "/voice/incoming")
        assert time.monotonic() - began < 5
        program.execute("ROLLBACK")

    assert status == 200
    assert "/voice/incoming?outage=1" in document
