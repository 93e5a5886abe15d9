"""From SQLite to PostgreSQL: everything arrives, or nothing does."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from ivr.app import create_app
from ivr.callcenter.calls import service as calls
from ivr.callcenter.intake.models import Clip, Intake
from ivr.core.clock import now
from ivr.core.config import DESK, from_environment
from ivr.core.db import Database, session
from ivr.operations.move_database.tables import moved
from ivr.platform.jobs import enqueue
from ivr.platform.jobs.distributed import DistributedQueue
from ivr.platform.jobs.models import JobRow, JobState
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent
from ivr.services import services
from tests.services.moving.commands import flask
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def counts(database: Database) -> dict[str, int]:
    with database.reading() as look:
        return {table.name: look.scalar(select(func.count()).select_from(table)) or 0 for table in moved()}


def jobs_there(database: Database) -> list[Any]:
    asked = text(
        "SELECT args->>'name' AS name, args->>'key' AS key, args->>'payload' AS payload, attempts,"
        " status::text AS status, scheduled_at FROM procrastinate_jobs ORDER BY args->>'name'"
    )
    with database.reading() as look:
        return list(look.execute(asked).all())


def a_hard_case(world: World) -> int:
    """Everything that the two databases write differently; the id of its intake."""
    with world.database.transaction():
        intake = calls.new_intake("+14155550177")
        intake.issue = "a dead\0 line: ñ, 漢字, \\N, \t and\nall"
        session.flush()
        timeline.append(intake.id, "issue_heard", words="not\0 quite", sure=0.25, none=None)
        sound = Clip(
            intake_id=intake.id,
            url="u",
            token="t",
            content_type="audio/wav",
            audio=b"\0\xff\\x",
            made_at=now(),
        )
        session.add(sound)
        return intake.id


def work_of_every_kind(world: World) -> None:
    with world.database.transaction():
        session.execute(text("DELETE FROM job"))
        enqueue("a.later", key="k", run_at=now() + timedelta(hours=2), words="a\0b")
        enqueue("b.running")
        enqueue("c.dead", key="gone")
        enqueue("d.done")
        for row in session.scalars(select(JobRow)):
            row.attempts = {"a": 3, "b": 1, "c": 8, "d": 1}[row.name[0]]
            states = {"b": JobState.RUNNING, "c": JobState.DEAD, "d": JobState.DONE}
            row.state = states.get(row.name[0], JobState.READY)
            row.error = "it broke" if row.state == JobState.DEAD else None


def test_everything_arrives_and_the_line_goes_on_there(lived: World, target: str, there: Database) -> None:
    hard = a_hard_case(lived)
    work_of_every_kind(lived)
    here = counts(lived.database)

    code, said = flask(lived.app, "db", "move", "--to", target)

    assert code == 0, said
    assert counts(there) == here
    assert here["call_event"] > 10
    assert f"{here['call_event']:>10}  call_event" in said
    assert "Set DATABASE_URL" in said
    with there.transaction():
        intake = session.get_one(Intake, hard)
        assert intake.issue == "a dead line: ñ, 漢字, \\N, \t and\nall"
        assert intake.created_at == now()
        assert session.scalars(select(Clip.audio)).all() == [b"\0\xff\\x"]
        event = session.scalars(select(CallEvent).where(CallEvent.intake_id == hard)).one()
        assert event.data == {"words": "not\0 quite", "sure": 0.25, "none": None}
        assert calls.new_intake("+14155550178").id == hard + 1, "the numbers go on"
    later, running, dead = jobs_there(there)
    assert (later.key, later.attempts, later.status) == ("k", 3, "todo")
    assert later.scheduled_at == now() + timedelta(hours=2)
    assert later.payload == '{"words": "a\\u0000b"}'
    assert (running.name, running.attempts, running.status) == ("b.running", 1, "todo")
    with there.reading():
        (given_up,) = DistributedQueue().dead()
    assert (given_up.name, given_up.key, given_up.attempts, given_up.error) == (
        dead.name,
        "gone",
        8,
        "it broke",
    )


def test_the_line_starts_on_what_was_moved(lived: World, target: str) -> None:
    flask(lived.app, "db", "move", "--to", target)
    app = create_app(from_environment(DESK | {"DATABASE_URL": target}))

    assert flask(app, "db", "check")[0] == 0
    assert lived.record()["reference"] in flask(app, "export", "intakes")[1]
    services(app).database.engine.dispose()


def test_the_comparison_says_what_differs(lived: World, target: str, there: Database) -> None:
    assert flask(lived.app, "db", "move", "--to", target)[0] == 0
    assert flask(lived.app, "db", "move", "--to", target, "--check") == (0, "Both are the same.\n")

    a_hard_case(lived)
    with there.transaction():
        session.execute(text("UPDATE staff SET name = 'Nobody' WHERE id = 2"))
        session.execute(text("DELETE FROM procrastinate_jobs"))
    code, said = flask(lived.app, "db", "move", "--to", target, "--check")

    assert code == 1
    assert "intake: 2 rows here" in said
    assert "  only here: 1, the first 2" in said
    assert "  not the same: 1, the first 2" in said
    assert "jobs: " in said
    assert "offer" not in said


def test_a_target_that_is_used_is_refused(lived: World, target: str, there: Database) -> None:
    flask(lived.app, "db", "move", "--to", target)
    before = counts(there)

    code, said = flask(lived.app, "db", "move", "--to", target)

    assert code == 1
    assert "The target is not empty" in said
    assert counts(there) == before


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE intake SET issue = printf('%2001s', 'x')", "issue has 2001 characters, and 2000 fit"),
        ("UPDATE offer SET intake_id = 77", "refer to nothing: offer"),
        ("UPDATE call SET sequence = 3000000000", "sequence is 3000000000"),
        ("UPDATE call_event SET data = 'no document'", "invalid input syntax for type json"),
    ],
)
def test_what_does_not_fit_leaves_nothing_behind(
    lived: World, target: str, there: Database, damage: str, words: str
) -> None:
    with lived.database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute(damage)
        driver.execute("PRAGMA foreign_keys=ON")

    code, said = flask(lived.app, "db", "move", "--to", target)

    assert code == 1
    assert words in said
    assert set(counts(there).values()) == {0}


def test_only_a_file_is_moved_and_only_to_postgres(lived: World, tmp_path: Any) -> None:
    code, said = flask(lived.app, "db", "move", "--to", f"sqlite:///{tmp_path}/other.db")

    assert code == 1
    assert "sqlite:/// (DATABASE_URL) to postgresql:// (--to) only" in said
