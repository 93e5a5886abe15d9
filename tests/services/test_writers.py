"""Who writes to one SQLite file takes turns, in this process and between processes."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.exc import OperationalError

from ivr.core.db import Database, is_unavailable, one_at_a_time
from ivr.core.db.sqlite_write_queue import WriteQueue

#: Begins to write, says so, and never ends.
FOR_EVER = """
import sys
from threading import Event
from ivr.core.db import Database, one_at_a_time
with Database(sys.argv[1]).transaction():
    one_at_a_time("test")
    print("writing", flush=True)
    Event().wait()
"""

rows = Table("written", MetaData(), Column("id", Integer, primary_key=True))
COUNT = select(func.count()).select_from(rows)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/line.db"


@pytest.fixture
def both(url: str) -> Iterator[tuple[Database, Database]]:
    """As two processes have it open."""
    one, other = Database(url), Database(url)
    rows.metadata.create_all(one.engine)
    yield one, other
    one.engine.dispose()
    other.engine.dispose()


def write(database: Database) -> None:
    with database.transaction() as session:
        session.execute(insert(rows))


def written(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(COUNT) or 0


@pytest.mark.parametrize("which", [0, 1], ids=["of the same process", "of another process"])
def test_a_writer_waits_for_its_turn_and_gets_it(both: tuple[Database, Database], which: int) -> None:
    waiting = Thread(target=write, args=(both[which],))
    with both[0].transaction() as session:
        session.execute(insert(rows))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
    waiting.join(5)
    assert written(both[0]) == 2


def test_whoever_has_not_written_yet_is_in_nobodys_way(both: tuple[Database, Database]) -> None:
    with both[0].transaction() as session:
        assert session.scalar(COUNT) == 0
        another = Thread(target=write, args=(both[1],))
        another.start()
        another.join(5)
        assert session.scalar(COUNT) == 1, "as on PostgreSQL: each statement sees what is committed"
        session.execute(insert(rows))
    assert written(both[1]) == 2


@pytest.mark.parametrize("how", ["for update", "one at a time"])
def test_whoever_locks_has_the_turn_before_they_read(both: tuple[Database, Database], how: str) -> None:
    waiting = Thread(target=write, args=(both[1],))
    with both[0].transaction() as session:
        if how == "for update":
            session.execute(select(rows).with_for_update())
        else:
            one_at_a_time("test")
        waiting.start()
        waiting.join(0.2)
        assert session.scalar(COUNT) == 0
    waiting.join(5)
    assert written(both[0]) == 1


def test_what_the_disk_does_not_take_is_not_committed_in_anybodys_eyes(
    both: tuple[Database, Database], tmp_path: Path
) -> None:
    write(both[0])
    log = tmp_path / "line.db-wal"
    moved = log.rename(tmp_path / "moved")  # SQLite has it open, and writes on
    log.symlink_to("/dev/null")  # which cannot be brought to any disk

    with pytest.raises(OperationalError, match="disk I/O"):
        write(both[0])

    moved.replace(log)
    write(both[1])  # and the turn is free


def test_whoever_only_looks_waits_for_nobody(both: tuple[Database, Database]) -> None:
    with both[0].transaction() as session:
        session.execute(insert(rows))
        seen: list[int] = []
        looking = Thread(target=lambda: seen.append(written(both[1])))
        looking.start()
        looking.join(5)
        assert seen == [0]


def test_a_writer_that_fails_gives_its_turn_up(both: tuple[Database, Database]) -> None:
    for database in both:
        with pytest.raises(ZeroDivisionError), database.transaction() as session:
            session.execute(insert(rows), {"id": 1 // 0})
    write(both[0])
    assert written(both[1]) == 1


def test_a_process_that_is_killed_leaves_the_queue_with_it(url: str, both: tuple[Database, Database]) -> None:
    command = (sys.executable, "-c", FOR_EVER, url)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603  # our own words
        assert other.stdout
        assert other.stdout.readline() == "writing\n"
        waiting = Thread(target=write, args=(both[0],))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        other.send_signal(signal.SIGKILL)
    waiting.join(5)
    assert written(both[0]) == 1


def test_nobody_waits_for_ever_for_one_that_hangs(tmp_path: Path, both: tuple[Database, Database]) -> None:
    impatient = WriteQueue(tmp_path / "line.db", patience=0.1)
    with both[0].transaction() as session:
        session.execute(insert(rows))
        with pytest.raises(sqlite3.OperationalError, match="locked") as refused:
            impatient.take()
        assert is_unavailable(refused.value)
    write(both[1])  # whoever gave up is in nobody's way, when their turn comes late,
    impatient.take()  # and not in their own


def test_whoever_has_just_written_waits_for_those_who_came_before(tmp_path: Path) -> None:
    queue, order = WriteQueue(tmp_path / "line.db"), list[str]()

    def take(who: str) -> None:
        queue.take()
        order.append(who)
        queue.give_up()

    queue.take()
    waiting = Thread(target=take, args=("another",))
    waiting.start()
    waiting.join(0.2)
    queue.give_up()
    take("the same")
    waiting.join(5)
    assert order == ["another", "the same"]


def test_of_many_writers_all_come_to_their_turn(both: tuple[Database, Database]) -> None:
    def many(database: Database) -> None:
        for _ in range(20):
            write(database)

    threads = [Thread(target=many, args=(database,)) for database in both for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert written(both[0]) == 16 * 20
