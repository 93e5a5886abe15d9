"""The roster, as a service and from the command line, on a database of its own."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from ivr import clock
from ivr.commands.staff import staff as staff_group
from ivr.db import Base, Database
from ivr.dispatch import roster
from ivr.dispatch.models import Staff
from ivr.errors import Refusal

MARIA: dict[str, Any] = {
    "name": "Maria Lopez",
    "role": "technician",
    "phone": "(415) 555-2671",
    "email": "Maria@Example.com",
    "languages": ["es", "en"],
    "password": "a long enough one",
}

Run = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/line.db")
    Base.metadata.create_all(database.engine, tables=[Base.metadata.tables[Staff.__tablename__]])
    yield database
    database.engine.dispose()


@pytest.fixture
def run(database: Database) -> Run:
    app = Flask(__name__)
    app.extensions["database"] = database
    app.cli.add_command(staff_group)
    runner = app.test_cli_runner()
    return lambda *words, **more: runner.invoke(args=["staff", *words], **more)


def test_somebody_new_is_available_and_free(database: Database) -> None:
    before = clock.now()
    with database.transaction():
        roster.add(**MARIA)
    with database.reading():
        [maria] = roster.everyone()
    assert (maria.name, maria.role) == ("Maria Lopez", "technician")
    assert (maria.phone, maria.email) == ("+14155552671", "maria@example.com")
    assert maria.languages == ["es", "en"]
    assert (maria.is_available, maria.offer_id) == (True, None)
    assert before <= maria.idle_since == maria.created_at <= clock.now()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": "  "}, roster.BadNameError),
        ({"name": "Maria\x00"}, roster.BadNameError),
        ({"name": "M" * 101}, roster.BadNameError),
        ({"role": "boss"}, roster.UnknownRoleError),
        ({"phone": "555 0100"}, roster.BadPhoneError),
        ({"phone": "anonymous"}, roster.BadPhoneError),
        ({"email": "maria"}, roster.BadEmailError),
        ({"email": "maria@example"}, roster.BadEmailError),
        ({"email": "maria@example.com\nBcc: all@example.com"}, roster.BadEmailError),
        ({"email": "maria\x00@example.com"}, roster.BadEmailError),
        ({"email": "m" * 64 + "@" + "example." * 30 + "com"}, roster.BadEmailError),
        ({"languages": ["en", "fr"]}, roster.UnknownLanguageError),
        ({"password": "short"}, roster.ShortPasswordError),
        ({"password": ""}, roster.ShortPasswordError),
        ({"email": "other@example.com"}, roster.PhoneTakenError),
        ({"phone": "+15105550100"}, roster.EmailTakenError),
    ],
)
def test_what_is_refused(database: Database, change: dict[str, str], refusal: type[Refusal]) -> None:
    with database.transaction():
        roster.add(**MARIA)
    with database.transaction(), pytest.raises(refusal) as refused:
        roster.add(**{**MARIA, **change})
    assert refused.value.shown.endswith(".")
    with database.reading():
        assert len(roster.everyone()) == 1


def test_the_right_password_opens_and_no_other(database: Database) -> None:
    with database.transaction():
        roster.add(**MARIA)
        roster.add(name="Bo", role="operator", phone="+15105550100", email="bo@example.com", password=None)
    with database.reading():
        maria, bo = roster.by_email(" MARIA@example.com"), roster.by_email("bo@example.com")
        assert roster.check_password(maria, "a long enough one")
        assert not roster.check_password(maria, "a long enough two")
        assert not roster.check_password(bo, "")
        assert not roster.check_password(None, "a long enough one")
        assert roster.by_email("nobody@example.com") is None
        assert roster.by_email("maria\x00@example.com") is None
    assert maria is not None
    assert maria.password_hash is not None
    assert maria.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_nobody_and_somebody_take_equally_long(database: Database) -> None:
    with database.transaction():
        maria = roster.add(**MARIA)
        roster.check_password(None, "warm")

        def fastest(who: Staff | None) -> float:
            times = []
            for _ in range(5):
                begun = time.perf_counter()
                roster.check_password(who, "a wrong password")
                times.append(time.perf_counter() - begun)
            return min(times)

        assert fastest(None) > fastest(maria) / 3


def test_from_the_command_line(run: Run, database: Database) -> None:
    added = run(
        *("add", "Maria Lopez", "--role", "owner", "--phone", "4155552671", "--email", "maria@example.com"),
        *("--language", "en", "--language", "es", "--password-stdin"),
        input="a long enough one\n",
    )
    assert added.exit_code == 0, added.output
    assert "Maria Lopez is on the roster: owner, +14155552671" in added.output
    with database.reading():
        assert roster.check_password(roster.by_email("maria@example.com"), "a long enough one")

    assert json.loads(run("list", "--format", "json").output) == [
        {
            "name": "Maria Lopez",
            "role": "owner",
            "phone": "+14155552671",
            "email": "maria@example.com",
            "languages": ["en", "es"],
            "is_available": True,
            "can_log_in": True,
        }
    ]


def test_the_table_is_aligned(run: Run) -> None:
    assert "Nobody is on the roster yet" in run("list").output
    run("add", "Maria Lopez", "--role", "owner", "--phone", "4155552671", "--email", "maria@example.com")
    run("add", "Bo", "--role", "technician", "--phone", "5105550100", "--email", "bo@example.com")
    lines = run("list").output.splitlines()
    assert " ".join(lines[0].split()) == "name role phone email languages is available can log in"
    assert [line.index("+1") for line in lines[1:]] == [lines[0].index("phone")] * 2
    assert [line.split()[0] for line in lines[1:]] == ["Bo", "Maria"]
    assert lines[1].endswith("yes           no"), "no password: no log-in"


def test_a_refusal_is_a_message_not_a_traceback(run: Run) -> None:
    refused = run("add", "Bo", "--role", "boss", "--phone", "5105550100", "--email", "bo@example.com")
    assert refused.exit_code == 1
    assert refused.output == "Error: There is no such role. Choose technician, operator or owner.\n"
