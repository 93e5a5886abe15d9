"""A call that the network took becomes one matter, whoever fetches it at the same time and whatever it was."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.continuity import service as continuity
from ivr.callcenter.continuity.models import HostedCall
from ivr.callcenter.continuity.rules import Told
from ivr.callcenter.continuity.service import Taken
from ivr.callcenter.intake.models import Clip, Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.shield import refusals
from ivr.company.policy.service import Command
from ivr.core.db import Database
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.platform.providers.hosted_flows import Execution
from ivr.platform.providers.telephone import LeftRecording

BEGAN = datetime(2025, 11, 24, 18, 2, tzinfo=UTC)
NUMBER = "+14155552671"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, queue=EmbeddedQueue())
    yield database
    database.engine.dispose()


def test_of_many_workers_that_fetch_a_call_one_makes_its_matter(database: Database) -> None:
    together = Barrier(4)

    def take(_: int) -> None:
        together.wait()
        with database.transaction():
            continuity.take(call(keys="2", says=20))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take, range(4)))

    with database.reading() as session:
        kinds = (Intake, CustomerCall, Callback, Clip, HostedCall)
        assert [session.scalar(select(func.count(one.id))) for one in kinds] == [1] * 5


def test_the_matter_has_the_time_of_the_call_and_the_callback_its_place(database: Database) -> None:
    with database.transaction():
        continuity.take(call(keys="2", says=20, language="es"))

    with database.reading() as session:
        intake, callback = session.scalars(select(Intake)).one(), session.scalars(select(Callback)).one()
        assert (intake.created_at, intake.language, intake.call_state) == (BEGAN, "es", CallState.LEFT_WORD)
        assert (callback.arrived_at, callback.reason) == (BEGAN, CallbackReason.LEFT_MESSAGE)
        assert session.scalars(select(Clip.made_at)).one() == BEGAN + timedelta(seconds=40)


def test_a_repeat_after_the_callback_is_kept_promises_nothing_again(database: Database) -> None:
    with database.transaction():
        continuity.take(call(keys="2", says=20))
    with database.transaction() as session:
        session.scalars(select(Callback)).one().state = CallbackState.DONE
    with database.transaction():
        continuity.take(call(keys="2", says=20))

    with database.reading() as session:
        assert session.scalars(select(Callback.state)).one() == CallbackState.DONE


def test_a_number_that_is_refused_leaves_a_message_at_most(database: Database) -> None:
    with database.transaction() as session:
        continuity.take(call("1", keys="2", says=20))
        refusals.refuse(session.scalars(select(Intake)).one(), "calls all night", Command("the owner"))
    with database.transaction():
        continuity.take(call("2", keys="1", says=20))
        continuity.take(call("3", keys="1"))

    with database.reading() as session:
        later = select(Callback.id).join(HostedCall, HostedCall.intake_id == Callback.intake_id)
        assert session.scalars(later.where(HostedCall.execution_sid != "FN1")).all() == []
        assert session.scalar(select(func.count(Clip.id))) == 2


def test_whoever_hangs_up_at_once_is_owed_what_they_are_owed_of_us(database: Database) -> None:
    with database.transaction():
        continuity.take(call("1", lasts=8, found="TN-Validation-Passed-A"))
        continuity.take(call("2", lasts=8, found=""))

    with database.reading() as session:
        states = session.scalars(select(Intake.call_state).order_by(Intake.id)).all()
        assert states == [CallState.CUT_OFF, CallState.SETTLED]
        assert session.scalars(select(Callback.reason)).all() == [CallbackReason.DROPPED]


def test_keys_that_no_menu_has_are_a_robots(database: Database) -> None:
    with database.transaction():
        continuity.take(call(keys="75", found=""))

    with database.reading() as session:
        assert session.scalars(select(Callback.id)).all() == []


def call(
    name: str = "1",
    *,
    keys: str = "",
    says: int = 0,
    language: str | None = None,
    lasts: int = 90,
    found: str = "TN-Validation-Passed-A",
) -> Taken:
    """One that the hosted flow took at 10:02, Pacific. ``says``: the seconds of a message."""
    recording = LeftRecording(f"https://api.twilio.com/{name}", says, BEGAN + timedelta(seconds=40))
    return Taken(
        Execution(f"FN{name}", BEGAN, BEGAN + timedelta(seconds=lasts), has_ended=True),
        Told(f"CA{name}", NUMBER, found, language, keys),
        (recording,) if says else (),
    )
