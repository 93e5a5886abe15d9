"""Calls are recorded when the owner wants it, the caller has been told, and does not mind."""

from hashlib import sha256

import pytest
from sqlalchemy import select, update

from flows import SCRIPT
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.recording.models import Recording
from ivr.company.policy import trail
from ivr.company.policy.service import Command
from ivr.company.prompts import rules as prompts_rules
from ivr.company.prompts import service as prompts
from ivr.company.prompts.script import Prompt
from ivr.operations.retention import service as retention
from tests.support.openings import accepts, are_talking, calls_again, gets_in_line, hand_over, talk
from tests.support.sounds import wav
from tests.support.windows import Window
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset
from twilio_simulator.faults import When

ASKED = "This call may be recorded. If you agree, press 1. If not, press 2."
ASKED_IN_SPANISH = "Esta llamada puede grabarse. Si está de acuerdo, oprima 1. Si no, oprima 2."
TOLD = "This call is recorded. To go on without a recording, press 9"


def recordings(world: World) -> list[tuple[str, str | None, int | None]]:
    """State, SID and seconds of each, oldest first."""
    with world.database.reading() as session:
        found = session.scalars(select(Recording).order_by(Recording.id)).all()
        return [(one.state, one.sid, one.seconds) for one in found]


def at_the_network(world: World) -> list[tuple[str, str]]:
    """SID and status of what the network has."""
    clips = world.exchange.recordings.clips.values()
    return [(clip.sid, clip.status) for clip in clips if clip.source == "StartCallRecordingAPI"]


def told(world: World) -> list[str]:
    """What the timelines say of recordings."""
    events = [event["kind"] for record in world.records() for event in record["events"]]
    return [kind.removeprefix("recording_") for kind in events if kind.startswith("recording_")]


def is_being_recorded(world: World, people: Everybody) -> str:
    """The customer and Dana talk, and what they say is kept. The SID."""
    world.records_calls()
    talk(people)
    ((sid, status),) = at_the_network(world)
    assert status == "in-progress"
    return sid


def talks_and_leaves(world: World, people: Everybody) -> None:
    """The conversation takes a minute; then Dana is rid of it too."""
    world.advance(60)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").hangs_up()
    world.advance(10)


def test_a_call_is_recorded_from_the_announcement_to_its_end(world: World, people: Everybody) -> None:
    world.records_calls()
    gets_in_line(people.customer)
    accepts(people.dana)
    people.customer.hears("You're being connected").hears(TOLD)
    assert at_the_network(world) == []

    are_talking(people.dana, people.customer)
    ((sid, _),) = at_the_network(world)
    assert recordings(world) == [("running", sid, None)]
    talks_and_leaves(world, people)

    ((state, kept, seconds),) = recordings(world)
    assert (state, kept) == ("completed", sid)
    assert seconds is not None
    assert 60 <= seconds <= 75
    assert told(world) == ["worded", "began", "ended"]


def test_a_caller_who_minds_is_not_recorded_in_this_call_at_all(world: World, people: Everybody) -> None:
    world.records_calls()
    gets_in_line(people.customer)
    accepts(people.dana)
    people.customer.hears(TOLD).presses("9").hears("You're not recorded")
    are_talking(people.dana, people.customer)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    accepts(people.olive)
    people.dana.hears("The caller can't hear you").hangs_up()
    are_talking(people.olive, people.customer)

    assert at_the_network(world) == []
    assert [state for state, *_ in recordings(world)] == ["declined"]
    assert told(world) == ["worded", "declined"]


def is_asked(world: World, people: Everybody) -> Handset:
    """The owner's state wants a yes. The technician has accepted, and the customer hears the question."""
    world.records_calls(needs_yes=True)
    gets_in_line(people.customer)
    accepts(people.dana)
    return people.customer.hears(ASKED)


def test_where_a_yes_is_needed_1_begins_the_recording_and_all_hear_of_it(
    world: World, people: Everybody
) -> None:
    is_asked(world, people).presses("1")
    are_talking(people.dana, people.customer)
    people.dana.hears("This call is recorded.")
    ((_, status),) = at_the_network(world)
    assert status == "in-progress"

    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    people.olive.rings().answers().hears("Press 1 to accept").presses("1")
    people.olive.hears("Connecting. Press star for the menu. This call is recorded.")
    assert told(world) == ["worded", "agreed", "began"]


@pytest.mark.parametrize(("key", "kept"), [("2", "declined"), ("9", "declined"), ("", "unanswered")])
def test_where_a_yes_is_needed_anything_else_is_none(
    world: World, people: Everybody, key: str, kept: str
) -> None:
    caller = is_asked(world, people)
    (caller.presses(key) if key else caller).hears("You're not recorded")
    are_talking(people.dana, people.customer)
    world.advance(30)

    assert at_the_network(world) == []
    assert told(world) == ["worded", kept]
    people.dana.does_not_hear("This call is recorded")


def test_the_timeline_keeps_which_words_the_caller_heard(world: World, people: Everybody) -> None:
    world.records_calls(needs_yes=True)
    world.off_shift("dana")
    people.customer.dials(LINE).hears("Para español").presses("9").hears("Para una visita").presses("1")
    people.customer.hears("podemos llamarle").presses("1").hears("qué problema tiene").says("no hay tono")
    people.tomas.rings().answers().hears("Oprima 1 para aceptar").presses("1")
    people.customer.hears(ASKED_IN_SPANISH).presses("1")
    people.tomas.hears("Esta llamada se graba.")

    (heard,) = [one for one in world.record()["events"] if one["kind"] == "recording_worded"]
    assert (heard["words"], heard["language"]) == (ASKED_IN_SPANISH, "es")
    assert heard["version"] == sha256(ASKED_IN_SPANISH.encode()).hexdigest()[:8]
    page = Window(world, "Olive").sees(f"/intakes/{world.record()['reference']}")
    assert f"{ASKED_IN_SPANISH}” Version {heard['version']}." in page


def test_the_owners_own_recording_is_a_wording_too(world: World, people: Everybody) -> None:
    sound = wav()
    with world.database.transaction():
        prompts.upload(Prompt(ASKED, SCRIPT.locale), "en", sound, Command("the owner"))
    world.records_calls(needs_yes=True)
    gets_in_line(people.customer)
    accepts(people.dana)
    are_talking(people.dana, people.customer)

    (heard,) = [one for one in world.record()["events"] if one["kind"] == "recording_worded"]
    assert heard["version"] == prompts_rules.digest(sound)[:8]


def test_where_it_is_switched_off_nobody_is_told_and_nothing_is_kept(world: World, people: Everybody) -> None:
    talk(people)
    assert recordings(world) == []
    assert "recorded" not in str(world.exchange.transcript)


def test_the_words_are_in_the_callers_language(world: World, people: Everybody) -> None:
    world.records_calls()
    world.off_shift("dana")
    people.customer.dials(LINE).hears("Para español").presses("9").hears("Para una visita").presses("1")
    people.customer.hears("podemos llamarle").presses("1").hears("qué problema tiene").says("no hay tono")
    people.tomas.rings().answers().hears("Oprima 1 para aceptar").presses("1")
    people.customer.hears("Esta llamada se graba").presses("9").hears("Su llamada no se graba")
    are_talking(people.tomas, people.customer)


def test_one_recording_goes_on_through_a_hand_over(world: World, people: Everybody) -> None:
    world.records_calls()
    hand_over(people)
    world.advance(30)
    people.customer.hangs_up()
    world.advance(10)

    ((state, _, seconds),) = recordings(world)
    assert state == "completed"
    assert seconds is not None
    assert seconds > 30
    assert told(world) == ["worded", "began", "ended"]


def test_a_caller_who_is_found_the_next_person_is_told_once(world: World, people: Everybody) -> None:
    sid = is_being_recorded(world, people)
    world.off_shift("dana")
    people.dana.loses_the_line()
    people.customer.hears("finding the next person", within=60)
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)

    assert at_the_network(world) == [(sid, "in-progress")]
    assert str(world.exchange.transcript).count(TOLD) == 1


def test_who_is_rung_back_is_told_as_well(world: World, people: Everybody) -> None:
    is_being_recorded(world, people)
    world.advance(60)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("1").hears("Calling the caller")
    people.customer.rings().answers().hears("Press 1 to be connected").presses("1").hears(TOLD)
    are_talking(people.dana, people.customer)

    assert [state for state, *_ in recordings(world)] == ["completed", "running"]


def test_a_caller_who_leaves_while_they_are_told(world: World, people: Everybody) -> None:
    world.records_calls()
    gets_in_line(people.customer)
    accepts(people.dana)
    people.customer.hears(TOLD).hangs_up()
    people.dana.hears("caller hung up", within=60)
    world.advance(120)

    assert at_the_network(world) == []
    assert [state for state, *_ in recordings(world)] == ["announced"]


@pytest.mark.parametrize(("status", "when"), [(503, "before"), (0, "after"), (429, "before")])
def test_a_beginning_that_goes_wrong_is_tried_again_and_made_once(
    world: World, people: Everybody, status: int, when: When
) -> None:
    world.records_calls()
    world.exchange.trouble.fail_rest("POST", "*/Recordings.json", status, when)
    talk(people)
    world.advance(10)

    ((sid, running),) = at_the_network(world)
    assert running == "in-progress"
    assert recordings(world) == [("running", sid, None)]


def test_where_none_can_be_made_the_call_goes_on(world: World, people: Everybody) -> None:
    world.records_calls()
    for _ in range(40):
        world.exchange.trouble.fail_rest("POST", "*/Recordings.json", 503, "before")
    talk(people)
    world.advance(300)

    are_talking(people.dana, people.customer)
    assert [state for state, *_ in recordings(world)] == ["absent"]
    assert told(world) == ["worded", "is_empty"]


def test_a_beginning_told_again_after_the_end_and_an_end_that_is_never_told(
    world: World, people: Everybody
) -> None:
    world.records_calls()
    trouble = world.exchange.trouble
    trouble.duplicate("recording.*", after=90)
    talk(people)
    trouble.drop("recording.*")
    talks_and_leaves(world, people)
    assert [state for state, *_ in recordings(world)] == ["running"]

    world.advance(120)
    ((state, _, seconds),) = recordings(world)
    assert state == "completed"
    assert seconds
    assert told(world) == ["worded", "began", "ended"]


def test_a_report_of_somebody_elses_recording_is_nothing_to_us(world: World, people: Everybody) -> None:
    sid = is_being_recorded(world, people)
    with world.database.reading() as session:
        call = session.scalars(select(CustomerCall.sid)).one()
    ours = {"RecordingStatus": "completed", "RecordingDuration": "5"}
    for path, form in (
        ("?recording=1", {"CallSid": "CA" + "0" * 32, "RecordingSid": sid}),
        ("?recording=1", {"CallSid": call, "RecordingSid": "RE" + "0" * 32}),
        ("?recording=1", {"CallSid": call, "RecordingSid": "../../" + sid}),
        ("?recording=99", {"CallSid": call, "RecordingSid": sid}),
        ("?recording=x", {"CallSid": call, "RecordingSid": sid}),
        ("", {}),
    ):
        sent = world.signed(f"/voice/recording{path}", **ours, **form)
        assert world.app.test_client().post(f"/voice/recording{path}", **sent).status_code == 204
    assert recordings(world) == [("running", sid, None)]


def test_the_desk_pauses_what_is_nobodys_business(world: World, people: Everybody) -> None:
    sid = is_being_recorded(world, people)
    reference = world.record()["reference"]
    olive, pause = Window(world, "Olive"), f"/calls/{reference}/recording-pause"
    assert "Being recorded" in olive.sees(f"/intakes/{reference}")

    for _ in range(2):
        assert olive.sends(pause).status_code == 204
        assert at_the_network(world) == [(sid, "paused")]
    assert "Recording paused" in olive.sees(f"/intakes/{reference}")
    assert olive.sends(pause, undo=True).status_code == 204
    assert at_the_network(world) == [(sid, "in-progress")]
    assert told(world) == ["worded", "began", "paused", "resumed"]

    people.customer.hangs_up()
    world.advance(10)
    refused = olive.sends(pause)
    assert refused.status_code == 409
    assert "Nothing of this call is being recorded" in refused.text
    assert olive.sends("/calls/GONE/recording-pause").status_code == 404


def test_the_recording_is_heard_on_the_page_and_nowhere_else(world: World, people: Everybody) -> None:
    is_being_recorded(world, people)
    reference, olive = world.record()["reference"], Window(world, "Olive")
    address = f"/intakes/{reference}/recordings/1"
    assert olive.client.get(address).status_code == 404, "it is not whole"
    talks_and_leaves(world, people)

    assert f'src="{address}"' in olive.client.get(f"/intakes/{reference}").text
    sound = olive.client.get(address)
    assert (sound.status_code, sound.mimetype, sound.data[:4]) == (200, "audio/x-wav", b"RIFF")
    assert sound.content_length == len(sound.data)
    part = olive.client.get(address, headers={"Range": "bytes=8-11"})
    assert (part.status_code, part.data) == (206, b"WAVE")
    assert part.headers["Content-Range"] == f"bytes 8-11/{len(sound.data)}"
    assert olive.client.get(address, headers={"Range": f"bytes={len(sound.data)}-"}).status_code == 416
    assert olive.client.get(f"/intakes/{reference}/recordings/2").status_code == 404
    assert olive.client.get("/intakes/GONE/recordings/1").status_code == 404
    assert world.app.test_client().get(address).status_code == 302
    assert Window(world, "Dana").client.get(address).status_code == 200, "it is her call"
    assert Window(world, "Tomas").client.get(address).status_code == 404
    with world.database.reading():
        heard = trail.lines(trail.Wanted(kind=trail.Kind.HEARD), limit=9)
    assert [(one.staff_name, one.subject) for one in heard] == [
        (name, f"Recording 1 of {reference}") for name in ("Dana", "Olive")
    ], "a line a person, however often a player asks"
    world.exchange.trouble.fail_rest("GET", "*.wav", 503, "before")
    away = olive.client.get(address)
    assert (away.status_code, "Try again in a minute" in away.text) == (409, True)


def test_after_its_time_the_sound_is_deleted_at_the_network_too(world: World, people: Everybody) -> None:
    is_being_recorded(world, people)
    talks_and_leaves(world, people)
    ((_, _, seconds),) = recordings(world)
    assert len(at_the_network(world)) == 1

    world.is_now("2029-01-08 09:00:00")
    with world.database.transaction():
        assert retention.purge().recordings == 1
    world.exchange.settle()
    assert at_the_network(world) == []
    assert recordings(world) == [("forgotten", None, seconds)]


@pytest.mark.parametrize("status", [None, 503])
def test_messages_are_deleted_at_the_network_too(world: World, people: Everybody, status: int | None) -> None:
    world.is_now("2026-11-23 18:30:00")
    people.customer.dials(LINE).hears("To leave a message, press 2").presses("2")
    people.customer.hears("after the tone").says("the phones on floor two are dead").hears("Goodbye")
    world.advance(60)
    calls_again(people.customer).hears("To leave a message, press 2").presses("2")
    people.customer.hears("after the tone").says("floor three, too").hears("Goodbye")
    world.advance(60)
    assert len(world.exchange.recordings.clips) == 2
    assert len(world.exchange.recordings.transcriptions) == 2
    with world.database.transaction() as session:
        session.execute(update(Callback).values(state="done"))

    world.is_now("2029-01-08 09:00:00")
    if status:
        world.exchange.trouble.fail_rest("DELETE", "*", status, "before")
    with world.database.transaction():
        retention.purge()
    world.advance(60)
    assert world.exchange.recordings.clips == {}
    assert world.exchange.recordings.transcriptions == {}


def test_while_the_network_does_not_say_it_is_asked_again(world: World, people: Everybody) -> None:
    is_being_recorded(world, people)
    world.exchange.trouble.drop("recording.*")
    for status in (503, 429):
        world.exchange.trouble.fail_rest("GET", "*/Recordings/RE*.json", status, "before")
    talks_and_leaves(world, people)
    world.advance(60)
    assert [state for state, *_ in recordings(world)] == ["running"]

    world.advance(180)
    assert world.exchange.trouble.planned == []
    assert [state for state, *_ in recordings(world)] == ["completed"]


def test_one_that_is_gone_at_the_network_is_none(world: World, people: Everybody) -> None:
    is_being_recorded(world, people)
    world.exchange.trouble.drop("recording.*")
    world.advance(60)
    people.customer.hangs_up()
    world.exchange.recordings.clips.clear()

    world.advance(120)
    assert [state for state, *_ in recordings(world)] == ["absent"]
