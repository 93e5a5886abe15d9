"""The copy that is made each night: put away, read back, kept for its days, and brought back."""

import fcntl
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select, text

from ivr.backoffice.personal_data import service as personal_data
from ivr.backoffice.personal_data.models import RequestKind, RequestState
from ivr.core import clock
from ivr.core.db import Database, session
from ivr.operations.backups import jobs as backups_jobs
from ivr.operations.backups import making, places
from ivr.operations.backups import rules as backups_rules
from ivr.operations.backups import service as backups
from ivr.operations.backups.copies import BackupFailedError
from ivr.operations.schema import metadata
from ivr.platform.jobs import Job, Retry, enqueue
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.backup_store import Backups
from ivr.platform.providers.folder_store import FolderStore
from ivr.services import services
from tests.services.moving.commands import PUBLIC, SECRET, flask
from tests.support import s3
from tests.support.canaries import plant
from tests.support.kept import kept_database
from tests.support.serving import served


def everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table, but those that a backup itself writes."""
    with database.reading() as look:
        return {
            table.name: sorted(map(repr, look.execute(select(table)).all()))
            for table in metadata.sorted_tables
            if table.name not in {"backup_run", "job"}
        }


def test_the_nightly_copy_brings_everything_back(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database, worker = services(app).database, services(app).worker
    worker.run_due()  # what waits already
    with database.transaction():
        plant()
        request = personal_data.note(RequestKind.ERASE, (), by="Ruth")
        request.state, request.matters = RequestState.DONE, [[7, "K7M3QX"]]
        enqueue("operations.backup")
    before = everything(database)
    assert sum(map(bool, before.values())) > 25, "rows of all kinds"

    assert worker.run_due()

    with database.reading():
        good = backups.last_good_backup()
        assert good is not None
        assert good.name is not None
        assert good.ended_at is not None
        name = good.name
    kept = tmp_path / "kept"
    assert sorted(one.name for one in kept.iterdir() if one.is_file()) == [
        "erased.json.age", name, f"{name}.sha256"
    ]  # fmt: skip
    assert b"Canary" not in (kept / name).read_bytes()
    assert name in flask(app, "db", "backups")[1]

    with database.transaction():
        session.execute(text("UPDATE staff SET name = 'Nobody'"))
        session.execute(text("DELETE FROM call_event"))
    key = tmp_path / "key"
    key.write_text(f"# made by age-keygen\n{SECRET}\n")
    assert flask(app, "db", "restore", name, "--replace")[0] == 1, "without its key it stays shut"
    code, said = flask(app, "db", "restore", name, "--replace", "--key", str(key))
    assert code == 0, said
    assert everything(database) == before
    assert (tmp_path / "var" / f"{name}.erased.json").is_file()
    assert flask(app, "db", "check")[0] == 0


@pytest.fixture
def database(database_url: str) -> Any:
    """A database that looks as if the migrations had made it."""
    database = kept_database(database_url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
    yield database
    database.engine.dispose()


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ON_SQLITE
def test_a_new_machine_learns_whom_to_erase_again(database: Database, tmp_path: Path) -> None:
    with database.transaction():
        request = personal_data.note(RequestKind.ERASE, (), by="Ruth")
        request.state, request.matters = RequestState.DONE, [[7, "K7M3QX"]]
    making.make(database, Backups(FolderStore(tmp_path), 14, ""))

    assert json.loads((tmp_path / backups_rules.ERASED).read_text())[0]["matters"] == [[7, "K7M3QX"]]


@ON_SQLITE
def test_a_run_that_was_killed_is_in_nobodys_way(database: Database, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with database.transaction():
        backups.begun(store.place)
    work = tmp_path / ".line-backup"
    work.mkdir()
    (work / "line-20261101T090000Z.db.part").write_bytes(b"half of it")

    name = making.make(database, Backups(store, 14, ""))

    assert [one.name for one in store.all()] == ["erased.json", name, f"{name}.sha256"]
    assert [one.name for one in work.iterdir()] == ["lock"]
    with database.reading():
        assert [run.is_good for run in backups.latest(9)] == [True, False]


@ON_SQLITE
def test_two_at_once_are_one(database: Database, tmp_path: Path) -> None:
    wanted = Backups(FolderStore(tmp_path), 14, "")
    making.make(database, wanted)
    with (tmp_path / ".line-backup" / "lock").open() as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        with pytest.raises(making.BusyError):
            making.make(database, wanted)
    with database.reading():
        assert len(backups.latest(9)) == 1


def context(database: Database, wanted: Backups) -> JobContext:
    given: Any = dict.fromkeys(
        ("telephone", "routes", "payments", "mailer", "mail_from", "messenger", "public_url")
    )
    return JobContext(database=database, secret_keys=(), backups=lambda: wanted, **given)


@ON_SQLITE
def test_a_store_that_is_away_is_tried_again_and_a_good_night_is_enough(
    database: Database, tmp_path: Path
) -> None:
    place = tmp_path / "mounted" / "here"
    place.parent.write_text("no folder yet")
    job = Job(1, "operations.backup", {}, None, 1, is_last_attempt=False)
    of_it = context(database, Backups(FolderStore(place), 14, ""))
    with pytest.raises(Retry, match="Not a directory"):
        backups_jobs.back_up(of_it, job)
    place.parent.unlink()
    for _ in range(2):
        backups_jobs.back_up(of_it, job)

    assert len([one for one in place.iterdir() if backups_rules.moment_of(one.name)]) == 1
    with database.reading():
        assert [(run.is_good, run.ended_at is None) for run in backups.latest(9)] == [
            (True, False),
            (False, False),
        ]


@ON_SQLITE
def test_a_disk_that_is_too_full_says_so_and_stays_as_it_was(database: Database, tmp_path: Path) -> None:
    file = Path(database.engine.url.database or "")
    size = file.stat().st_size
    with file.open("r+b") as grown:
        grown.truncate(2**43)  # a hole of eight terabytes
    try:
        with pytest.raises(BackupFailedError, match="too full: a backup needs"):
            making.make(database, Backups(FolderStore(tmp_path), 14, ""))
    finally:
        with file.open("r+b") as grown:
            grown.truncate(size)
    with database.reading():
        (run,) = backups.latest(9)
        assert (run.is_good, "MB are free" in (run.why or "")) == (False, True)
        assert backups.last_good_backup() is None


@ON_SQLITE
def test_copies_go_after_their_days_but_never_the_last(database: Database, tmp_path: Path) -> None:
    now = clock.now()
    for days in (1, 13, 15, 30):
        name = backups_rules.name_of(now - timedelta(days=days), is_sqlite=True)
        (tmp_path / name).write_bytes(b"")
        (tmp_path / f"{name}.sha256").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("of somebody")
    names = [one.name for one in tmp_path.iterdir()]
    assert len(backups_rules.outdated(names, now + timedelta(days=99), days=14)) == 3, "one is left"

    making.make(database, Backups(FolderStore(tmp_path), 14, ""))

    left = [one.name for one in tmp_path.iterdir() if one.is_file()]
    assert len([one for one in left if backups_rules.moment_of(one)]) == 3
    assert len([one for one in left if one.endswith(".sha256")]) == 3
    assert "notes.txt" in left


@ON_SQLITE
def test_a_copy_that_comes_back_otherwise_is_none(database: Database) -> None:
    bucket = s3.Bucket(spoiled=True)
    with served(bucket.app()) as address:
        place = (
            f"s3://{s3.KEY}:{quote(s3.SECRET, '')}@{address.removeprefix('http://')}/line?region={s3.REGION}"
        )
        wanted = Backups(places.store(place), 14, PUBLIC)
        with pytest.raises(BackupFailedError, match="gave back something else than it was given"):
            making.make(database, wanted)
        assert not any(backups_rules.moment_of(name) for name in bucket.files)

        bucket.spoiled = False
        name = making.make(database, wanted)
        assert {name, f"{name}.sha256", "erased.json.age"} <= bucket.files.keys()
    with database.reading():
        assert [run.is_good for run in backups.latest(9)] == [True, False]
        assert s3.SECRET not in repr([(run.place, run.why) for run in backups.latest(9)])
