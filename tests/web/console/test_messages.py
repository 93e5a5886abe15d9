"""Messages that nobody has heard: counted in the navigation, listed with their players, and gone once opened."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from ivr.backoffice.follow_ups import jobs as follow_ups_jobs
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.intake import clips
from ivr.callcenter.routing.models import Offer
from ivr.core import clock
from ivr.core.db import Database
from tests.support.console import TARA, LogIn
from tests.support.intake_rows import NOON, an_intake
from tests.web.console.test_frame import COUNT

ROW = re.compile(r'<a href="/intakes/(R\d+)">[^<]*</a> <span class="code">')
PLAYER = re.compile(r'<audio[^>]*src="(/intakes/R\d/clips/\d)"')


@pytest.fixture(autouse=True)
def recorded(database: Database) -> None:
    """Nobody has heard the messages of R1 and R2. R3 is closed, R4's caller still waits, Tara has talked with R5's."""
    with database.transaction() as session:
        for number, state in enumerate(("message", "abandoned", "closed", "waiting", "message"), start=1):
            session.add(an_intake(number, state=state))
            session.flush()
            url = f"https://api.twilio.com/{number}"
            clips.recorded(number, url, seconds=9, made_at=clock.now() - timedelta(minutes=5))
            clips.keep_audio(number, url, b"RIFF")
        clips.note_transcript("https://api.twilio.com/2", "It is floor two")
        now = clock.now()
        taken = {"staff_id": TARA, "role": "technician", "state": "accepted", "language": "en"}
        session.add(Offer(intake_id=5, made_at=now, accepted_at=now, ended_at=now, **taken))


def counted(client: FlaskClient) -> str:
    counts: dict[str, str] = dict(COUNT.findall(client.get("/bar", headers={"X-Live": "1"}).text))
    return counts.get("messages", "")


def test_a_message_is_counted_and_listed_until_somebody_opens_it(operator: FlaskClient) -> None:
    assert counted(operator) == "2"
    page = operator.get("/intakes?show=unheard").text
    assert ROW.findall(page) == ["R2", "R1"]
    assert PLAYER.findall(page) == ["/intakes/R2/clips/2", "/intakes/R1/clips/1"], "one press, and it plays"
    assert "It is floor two" in page
    assert counted(operator) == "2", "a list is not listened to"

    operator.get("/intakes/R1/clips/1")
    assert counted(operator) == "1"
    assert "opened the caller&#39;s message." in operator.get("/intakes/R1").text
    assert 'id="count-messages"' in (page := operator.get("/intakes/R2").text)
    assert COUNT.findall(page) == [], "its words stand on this page, which counts it no more"
    assert "No new messages." in operator.get("/intakes?show=unheard").text


def test_a_technician_counts_those_that_they_may_hear(log_in: LogIn, database: Database) -> None:
    tara = log_in("technician")
    assert counted(tara) == ""
    with database.transaction() as session:
        owed = {"reason": "message", "state": "promised", "number": "+14155552671"}
        session.add(Callback(intake_id=1, due_at=NOON, arrived_at=NOON, created_at=NOON, **owed))
    assert counted(tara) == "1"
    assert ROW.findall(tara.get("/intakes?show=unheard").text) == ["R1"]
    assert counted(log_in("field")) == "", "a field technician hears none"


def test_new_messages_are_not_what_the_list_remembers(operator: FlaskClient) -> None:
    operator.get("/intakes?show=mine")
    page = operator.get("/intakes?show=unheard").text
    assert re.search(r'show=unheard" data-key="v" aria-current="page">Messages', page)
    assert operator.get("/intakes").location == "/intakes?show=mine"


def test_what_was_heard_on_the_phone_or_before_there_were_follow_ups_is_not_looked_at_again(
    operator: FlaskClient, database: Database
) -> None:
    follow_ups_jobs.look_through(database)
    assert counted(operator) == "", "these were there before the first look"
    with database.reading():
        heard = {number: clips.of_intake(number)[0].heard_at is not None for number in range(1, 6)}
    assert heard == {1: False, 2: False, 3: False, 4: False, 5: True}
