"""The caller's recording on the intake's page."""

from flask.testing import FlaskClient
from sqlalchemy import select

from ivr.callcenter.intake import clips
from ivr.callcenter.intake.models import Clip
from ivr.core.db import Database
from tests.support.intake_rows import WHOLE, an_intake

AUDIO = b"RIFF and all that follows"


def keep(database: Database) -> str:
    """The recording of the whole intake has been fetched. Returns where the console plays it, below the intake."""
    with database.transaction() as session:
        clip_id, url = session.execute(select(Clip.id, Clip.url).where(Clip.intake_id == WHOLE)).one()
        clips.keep_audio(WHOLE, url, AUDIO)
    return f"clips/{clip_id}"


def test_a_recording_is_played_from_our_own_address(
    operator: FlaskClient, database: Database, one_whole: str
) -> None:
    path = keep(database)
    answer = operator.get(f"/intakes/{one_whole}")
    assert f'src="/intakes/{one_whole}/{path}">' in answer.text
    assert "api.twilio.com" not in answer.text
    assert '"/clips/' not in answer.text, "the public address is for telephones"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "media-src" not in policy or "media-src 'self'" in policy


def test_the_sound_is_served_whole_and_in_parts(
    operator: FlaskClient, database: Database, one_whole: str
) -> None:
    path = keep(database)
    whole = operator.get(f"/intakes/{one_whole.lower()}/{path}")
    part = operator.get(f"/intakes/{one_whole}/{path}", headers={"Range": "bytes=0-3"})
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/x-wav", AUDIO)
    assert whole.headers["Cache-Control"] == "no-store"
    assert (part.status_code, part.data) == (206, AUDIO[:4])


def test_a_stranger_hears_nothing(stranger: FlaskClient, database: Database, one_whole: str) -> None:
    answer = stranger.get(f"/intakes/{one_whole}/{keep(database)}")
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/login")


def test_a_recording_that_is_not_fetched_yet_is_a_link(operator: FlaskClient, one_whole: str) -> None:
    page = operator.get(f"/intakes/{one_whole}").text
    assert f"/intakes/{one_whole}/clips" not in page
    assert 'href="https://api.twilio.com/recording"' in page
    assert operator.get(f"/intakes/{one_whole}/clips/1").status_code == 404
    assert operator.get("/intakes/GONE/clips/1").status_code == 404


def test_every_recording_is_heard_and_has_its_own_transcript(
    operator: FlaskClient, database: Database, one_whole: str
) -> None:
    first = keep(database)
    with database.transaction():
        second = f"clips/{clips.recorded(WHOLE, 'https://api.twilio.com/second', seconds=9)}"
        clips.keep_audio(WHOLE, "https://api.twilio.com/second", b"RIFF of the second")
        clips.note_transcript("https://api.twilio.com/second", "It is floor three")
        clips.note_transcript("https://api.twilio.com/recording", "It is floor two")

    page = operator.get(f"/intakes/{one_whole}").text

    order = [page.index(part) for part in (f"/{first}", "It is floor two", f"/{second}", "It is floor three")]
    assert order == sorted(order)
    assert operator.get(f"/intakes/{one_whole}/{first}").data == AUDIO
    assert operator.get(f"/intakes/{one_whole}/{second}").data == b"RIFF of the second"


def test_a_recording_of_another_matter_is_not_found(
    operator: FlaskClient, database: Database, one_whole: str
) -> None:
    path = keep(database)
    with database.transaction() as session:
        session.add(an_intake(1))

    assert operator.get(f"/intakes/{one_whole}/{path}").status_code == 200
    assert operator.get(f"/intakes/R1/{path}").status_code == 404
