"""The board says when the network took calls for us, in the company's time, and which they were."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from time_machine import TimeMachineFixture

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.continuity.models import HostedCall
from ivr.core.db import Database
from tests.support.intake_rows import an_intake
from tests.support.world import pacific

TODAY, OUTAGE = "2026-11-30", pacific("2026-11-30 10:02:00")
ROW = re.compile(r'href="/intakes/(R\d+)"')


@pytest.fixture(autouse=True)
def outage(database: Database, time_machine: TimeMachineFixture) -> None:
    """Seven callers from 10:02 to 10:19, the first of whom talked; and one the evening before."""
    time_machine.move_to(pacific("2026-11-30 11:00:00"), tick=False)
    with database.transaction() as session:
        for number in range(1, 9):
            intake = an_intake(number)
            session.add(intake)
            session.flush()
            began = OUTAGE + timedelta(minutes=2 * number) if number < 8 else OUTAGE - timedelta(hours=12)
            talked = 150 if number == 1 else None
            session.add(
                HostedCall(
                    execution_sid=f"FN{number}",
                    intake_id=intake.id,
                    began_at=began - timedelta(minutes=2),
                    ended_at=began + timedelta(minutes=3),
                    talked_seconds=talked,
                )
            )
            session.add(
                Callback(
                    intake_id=intake.id,
                    number="+14155552671",
                    reason=CallbackReason.ASKED if talked else CallbackReason.LEFT_MESSAGE,
                    state=CallbackState.TASK if talked else CallbackState.PROMISED,
                    due_at=began,
                    arrived_at=began,
                    created_at=began,
                )
            )


def test_the_board_says_from_when_to_when_and_how_many(operator: FlaskClient) -> None:
    page = " ".join(operator.get("/board").text.split())

    words = "On continuity from 10:02 AM PST to 10:19 AM PST: the phone network took 7 calls that this service did not"
    assert words in page
    assert page.count("On continuity") == 1
    assert f'href="/intakes?continuity={TODAY}"' in page
    assert page.count("Talked for 2 min 30 s while we were down") == 1


def test_the_link_leads_to_the_matters_of_that_day(operator: FlaskClient) -> None:
    page = operator.get(f"/intakes?continuity={TODAY}").text

    assert set(ROW.findall(page)) == {f"R{number}" for number in range(1, 8)}
    assert "on November 30, 2026" in page
    assert ROW.findall(operator.get("/intakes?continuity=2026-11-29").text) == ["R8"]
    assert "took no call on this day" in operator.get("/intakes?continuity=2026-11-28").text
    assert operator.get("/intakes?continuity=yesterday").status_code == 404


def test_whoever_calls_back_sees_who_has_talked_already(operator: FlaskClient) -> None:
    assert operator.get("/callbacks").text.count("Talked for 2 min 30 s while we were down") == 1
