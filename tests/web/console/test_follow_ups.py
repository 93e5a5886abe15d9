"""The page of follow-ups: one's own first, what to do with each, and what else waits."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from ivr.backoffice.follow_ups import jobs as follow_ups_jobs
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.callcenter.intake import clips
from ivr.callcenter.intake.models import Clip
from ivr.core.db import Database
from ivr.platform.jobs.models import JobRow
from tests.support.console import OMAR, TARA, LogIn, send
from tests.support.follow_up_rows import add_follow_ups
from tests.support.intake_rows import an_intake


@pytest.fixture
def tasks(database: Database) -> None:
    add_follow_ups(database)


def kept(database: Database, number: int) -> FollowUp:
    with database.reading() as session:
        return session.scalars(select(FollowUp).where(FollowUp.subject_id == number)).one()


def test_an_operator_finds_theirs_first_then_those_of_colleagues(operator: FlaskClient, tasks: None) -> None:
    page = operator.get("/follow-ups").text

    assert page.index("Maria Lopez") < page.index("Of colleagues") < page.index("Rosa Diaz")
    assert "overdue" in page
    assert "$650" in page
    assert "Estimate not paid" in page
    assert 'href="/callbacks">0 callbacks' in page
    assert 'href="/money">0 payment issues' in page


def test_a_technician_sees_and_closes_their_own_alone(log_in: LogIn, database: Database, tasks: None) -> None:
    tara = log_in("technician")
    page = tara.get("/follow-ups").text
    assert "Rosa Diaz" in page
    assert "Maria Lopez" not in page
    assert "payment issue" not in page

    send(tara, "/follow-ups/1/end", seen_on="/follow-ups", ended="noted", words="Resolved by phone")
    assert kept(database, 1).closed_because == "noted"
    assert send(tara, "/follow-ups/2/end", seen_on="/account/log-ins", ended="reached").status_code == 404
    assert kept(database, 2).closed_at is None


def test_a_task_is_taken_noted_handed_over_and_closed(
    operator: FlaskClient, database: Database, tasks: None
) -> None:
    send(operator, "/follow-ups/3/owner", seen_on="/follow-ups", to=str(OMAR))
    send(operator, "/follow-ups/2/note", seen_on="/follow-ups", note="Call after lunch")
    assert (kept(database, 3).owner_id, kept(database, 2).note) == (OMAR, "Call after lunch")

    refused = send(operator, "/follow-ups/2/end", seen_on="/follow-ups", ended="", words="Twice <b>")
    assert refused.status_code == 422
    assert "Choose a result" in refused.text
    assert "Twice &lt;b&gt;" in refused.text
    assert send(operator, "/follow-ups/2/owner", seen_on="/follow-ups", to=str(TARA)).status_code == 409

    send(operator, "/follow-ups/2/end", seen_on="/follow-ups", ended="reached", words="They pay tomorrow")
    assert kept(database, 2).closed_because == "reached"
    assert "Maria Lopez" not in operator.get("/follow-ups").text
    page = operator.get("/intakes/R2").text
    assert "closed the follow-up: estimate not paid. Reached the customer." in page
    assert "They pay tomorrow" in page


def test_the_intake_shows_what_is_open_for_it(operator: FlaskClient, tasks: None) -> None:
    page = operator.get("/intakes/R2").text

    assert "Estimate not paid" in page
    assert 'href="/follow-ups#follow-up-2"' in page


def test_whoever_leaves_hands_on_in_the_same_moment(log_in: LogIn, database: Database, tasks: None) -> None:
    owner = log_in("owner")
    send(owner, f"/settings/staff/{OMAR}/place", seen_on=f"/settings/staff/{OMAR}", place="left")

    assert kept(database, 2).owner_id not in {OMAR, TARA}


def test_a_message_is_heard_when_it_is_played_or_its_words_are_read(
    operator: FlaskClient, database: Database
) -> None:
    with database.transaction() as session:
        for number in (1, 2):
            session.add(an_intake(number, state="closed"))
            session.flush()
            url = f"https://api.twilio.com/{number}"
            clips.recorded(number, url, seconds=9)
            clips.keep_audio(number, url, b"RIFF")
        clips.note_transcript("https://api.twilio.com/2", "It is floor two")

    def heard() -> list[bool]:
        with database.reading() as session:
            return [one is not None for one in session.scalars(select(Clip.heard_at).order_by(Clip.id))]

    operator.get("/intakes/R1")
    operator.get("/intakes/R2", headers={"X-Live": "1"})
    assert heard() == [False, False], "a page that is open anyway is not read by anybody"
    operator.get("/intakes/R2")
    assert heard() == [False, True]
    operator.get("/intakes/R1/clips/1")
    assert heard() == [True, True]


def test_a_wrap_up_that_is_noted_has_a_job_end_the_follow_up(
    operator: FlaskClient, database: Database, tasks: None
) -> None:
    send(operator, "/intakes/R1", wrap_up="other")

    with database.reading() as session:
        assert "follow_ups.settle" in list(session.scalars(select(JobRow.name)))


def test_the_owner_sets_when_and_reads_what_came_of_it(
    log_in: LogIn, database: Database, tasks: None
) -> None:
    owner = log_in("owner")
    assert "Remind customers by email" in owner.get("/settings/follow-ups").text
    page = owner.get("/reports").text
    assert "Paid after a follow-up or a reminder" in page


def test_without_any_the_page_says_what_comes_here(operator: FlaskClient, database: Database) -> None:
    follow_ups_jobs.look_through(database)

    assert "Nothing to follow up" in operator.get("/follow-ups").text
