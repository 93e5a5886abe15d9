"""A copy of the database, and the way back from it."""

import json
from pathlib import Path

import pytest
from flask import Flask

from ivr.app import create_app
from ivr.backoffice.personal_data import service as personal_data
from ivr.backoffice.personal_data.models import RequestKind, RequestState
from ivr.core.config import DESK, from_environment
from ivr.services import services
from tests.services.moving.commands import flask, made


def staff(app: Flask) -> str:
    return flask(app, "staff", "list")[1]


def test_what_was_copied_comes_back(app: Flask, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    before = staff(app)

    code, said = flask(app, "db", "backup", str(copy))
    assert code == 0, said
    assert "read back and whole" in said
    assert flask(app, "db", "backup", str(copy))[0] == 1, "a copy is never written over"

    flask(
        app,
        "staff",
        "add",
        "Zoe",
        "--role",
        "operator",
        "--phone",
        "+14155550199",
        "--email",
        "z@example.com",
    )
    code, said = flask(app, "db", "restore", str(copy))
    assert code == 1
    assert "not empty" in said
    assert "Zoe" in staff(app)

    code, said = flask(app, "db", "restore", str(copy), "--replace")
    assert code == 0, said
    assert staff(app) == before
    assert flask(app, "db", "check")[0] == 0


def test_who_was_erased_is_not_brought_back_unnoticed(tmp_path: Path) -> None:
    for app in made(f"sqlite:///{tmp_path / 'folder' / 'line.db'}"):
        copy = tmp_path / "copy"
        flask(app, "db", "backup", str(copy))
        with services(app).database.transaction():
            request = personal_data.note(RequestKind.ERASE, (), by="Ruth")
            request.state, request.matters = RequestState.DONE, [[7, "K7M3QX"]]

        code, said = flask(app, "db", "restore", str(copy), "--replace")
        assert code == 0, said
        kept = tmp_path / "copy.erased.json"
        assert f"flask --app ivr person again {kept} --by NAME" in said
        assert json.loads(kept.read_text())[0]["matters"] == [[7, "K7M3QX"]]


def test_a_damaged_copy_is_not_put_back(app: Flask, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    flask(app, "db", "backup", str(copy))
    before = staff(app)
    content = bytearray(copy.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    copy.write_bytes(content)

    code, said = flask(app, "db", "restore", str(copy), "--replace")
    assert (code, "does not agree" in said) == (1, True)
    (tmp_path / "copy.sha256").unlink()
    assert flask(app, "db", "restore", str(copy), "--replace")[0] == 1, "it is looked at, sealed or not"
    assert staff(app) == before


def test_a_copy_of_the_other_database_is_called_that(app: Flask, tmp_path: Path) -> None:
    """After the move to PostgreSQL the copies of both lie in one folder."""
    mine = services(app).database.engine.dialect.name
    other = {"sqlite": b"PGDMP", "postgresql": b"SQLite format 3\0"}[mine]
    copy, before = tmp_path / "copy", staff(app)
    copy.write_bytes(other + bytes(100))

    code, said = flask(app, "db", "restore", str(copy), "--replace")

    assert (code, f"and DATABASE_URL names {mine}." in said) == (1, True), said
    assert staff(app) == before


def test_a_folder_that_is_not_there_is_named(app: Flask, tmp_path: Path) -> None:
    code, said = flask(app, "db", "backup", str(tmp_path / "nowhere" / "copy"))

    assert (code, said) == (1, f"Error: There is no folder {tmp_path / 'nowhere'}.\n")


def test_without_its_tools_it_says_what_to_install(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(from_environment(DESK | {"DATABASE_URL": postgres}))
    monkeypatch.setenv("PATH", str(tmp_path))

    code, said = flask(app, "db", "backup", str(tmp_path / "copy"))

    assert (code, "apt install postgresql-client" in said) == (1, True)
    services(app).database.engine.dispose()
