"""The caller's own voice: kept here, so that it is heard whatever the network wants before it plays its copy."""

import io
import wave
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from sqlalchemy import select
from werkzeug import Request, Response

from ivr.callcenter.intake import clip_links
from ivr.callcenter.intake.models import Clip
from ivr.platform.jobs import enqueue
from ivr.platform.providers.telephone import ClipTooLongError
from ivr.platform.providers.twilio_http import AtAddress
from tests.support.serving import served
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset, InProcessTwilio
from twilio_simulator.recordings import Clip as Recording

METADATA = "http://169.254.169.254/latest/meta-data"


def leaves_a_clip(customer: Handset) -> Handset:
    """A caller whose issue is not heard twice says it on a recording."""
    customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call").presses("1")
    customer.hears("what is going wrong").stays_silent().hears("in a few words").stays_silent()
    return customer.hears("after the tone").says("it crackles").hears("Please hold for a technician")


def is_silent_throughout(customer: Handset) -> Handset:
    """A caller who confirms their number and then says nothing more, not even on a recording."""
    customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call").presses("1")
    customer.hears("what is going wrong").stays_silent().hears("in a few words").stays_silent()
    return customer.hears("after the tone").stays_silent().hears("Please hold for a technician")


def kept(world: World) -> list[Clip]:
    """The recordings whose audio is here."""
    with world.database.reading() as session:
        clips = list(session.scalars(select(Clip).where(Clip.audio.is_not(None)).order_by(Clip.id)))
        session.expunge_all()
    return clips


def recording(world: World) -> Recording:
    """The network's own."""
    (clip,) = world.exchange.recordings.clips.values()
    return clip


def test_a_clip_is_kept_and_the_record_still_names_the_network(world: World, people: Everybody) -> None:
    leaves_a_clip(people.customer)

    (clip,) = kept(world)
    assert clip.audio == recording(world).sound
    assert world.record()["issue_recording_url"] == clip.url == recording(world).url


def test_a_clip_is_fetched_when_the_account_wants_a_password(world: World, people: Everybody) -> None:
    world.exchange.recordings.media_needs_auth = True

    leaves_a_clip(people.customer)

    assert [clip.audio for clip in kept(world)] == [recording(world).sound]
    people.dana.rings().answers().hears("A recording").presses("2").hears("/clips/")


def test_the_technician_hears_our_own(world: World, people: Everybody) -> None:
    leaves_a_clip(people.customer)

    people.dana.rings().answers().hears("A recording").presses("2")
    people.dana.hears("https://line.test/clips/").presses("1").hears("Connecting")


def test_the_technician_hears_the_network_s_while_ours_is_not_there(world: World, people: Everybody) -> None:
    world.exchange.trouble.fail_rest("GET", "*/Recordings/*", 500, "before")
    leaves_a_clip(people.customer)
    assert kept(world) == []

    people.dana.rings().answers().hears("A recording").presses("2").hears(recording(world).url)


@pytest.mark.parametrize("status", [500, 429, 0])
def test_a_fetch_that_fails_is_tried_again(world: World, people: Everybody, status: int) -> None:
    world.exchange.trouble.fail_rest("GET", "*/Recordings/*", status, "before")
    leaves_a_clip(people.customer)

    world.advance(30)

    assert len(kept(world)) == 1


def test_a_clip_that_never_comes_is_given_up_quietly(world: World, people: Everybody) -> None:
    for _ in range(20):
        world.exchange.trouble.fail_rest("GET", "*/Recordings/*", 500, "before")

    leaves_a_clip(people.customer).hangs_up()
    world.advance(600)

    assert kept(world) == []


@pytest.mark.parametrize(
    "url",
    [
        METADATA,
        "https://api.twilio.com.evil.test/2010-04-01/Accounts/{account}/Recordings/{clip}",
        "https://api.twilio.com@evil.test/2010-04-01/Accounts/{account}/Recordings/{clip}",
        "https://api.twilio.com/2010-04-01/Accounts/{other}/Recordings/{clip}",
        "https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/../Calls",
        "https://api.twilio.com/2010-04-01/Accounts/{account}/Calls.json?x={clip}",
        "file:///etc/passwd",
    ],
)
def test_nothing_but_a_recording_of_ours_is_ever_asked_for(
    world: World, people: Everybody, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    people.customer.dials(LINE).hears("For an onsite visit")
    asked: list[object] = []
    monkeypatch.setattr(InProcessTwilio, "download", lambda *args: asked.append(args))  # the wire itself
    recording_url = url.format(
        account=world.exchange.account_sid, other="AC" + "0" * 32, clip="RE" + "0" * 32
    )
    path = "/voice/intake/clip_recorded"
    form = {"CallSid": people.customer.sid, "From": "+14155552671", "To": LINE, "RecordingDuration": "3"}
    told = world.signed(path, **form, CallStatus="in-progress", RecordingUrl=recording_url)

    world.app.test_client().post(path, **told)
    world.advance(60)

    assert world.record()["issue_recording_url"] == recording_url
    assert asked == []
    assert kept(world) == []


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A real server: it sends whoever asks for a recording to its metadata, and what is large without an end."""

    @Request.application
    def answer(request: Request) -> Response:
        if request.path == "/moved":
            return Response(status=302, headers={"Location": "/secret"})
        if request.path == "/secret":
            raise AssertionError("the redirect was followed")
        return Response(b"x" * 1024 for _ in range(64))

    with served(answer) as address:
        yield address


def test_what_is_too_large_is_dropped_and_no_redirect_is_followed(elsewhere: str) -> None:
    network = AtAddress(elsewhere)

    assert network.download("/large", ("AC", "token"), 65_536) == (200, b"x" * 65_536)
    with pytest.raises(ClipTooLongError):
        network.download("/large", ("AC", "token"), 65_535)
    assert network.download("/moved", ("AC", "token"), 65_536) == (302, b"")


def test_a_repeated_job_keeps_one_clip(world: World, people: Everybody) -> None:
    leaves_a_clip(people.customer)
    (clip,) = kept(world)

    with world.database.transaction():
        enqueue("intake.keep_clip", intake_id=clip.intake_id, url=clip.url)
    world.advance(10)

    assert len(kept(world)) == 1


def test_a_telephone_may_ask_for_the_sound_or_a_part_of_it(world: World, people: Everybody) -> None:
    leaves_a_clip(people.customer)
    (clip,) = kept(world)
    stranger, path = world.app.test_client(), address_of(world, clip)

    whole = stranger.get(path)
    part = stranger.get(path, headers={"Range": "bytes=4-9"})
    unchanged = stranger.get(path, headers={"If-None-Match": whole.headers["ETag"]})

    assert (whole.status_code, whole.mimetype, whole.data) == (HTTPStatus.OK, "audio/x-wav", clip.audio)
    assert (whole.headers["Accept-Ranges"], whole.headers["Cache-Control"]) == ("bytes", "private, no-store")
    assert (part.status_code, part.data) == (HTTPStatus.PARTIAL_CONTENT, whole.data[4:10])
    assert unchanged.status_code == HTTPStatus.NOT_MODIFIED
    with wave.open(io.BytesIO(whole.data)) as sound:
        assert sound.getframerate() == 8000


def test_an_address_of_a_recording_is_signed_and_good_for_an_hour(world: World, people: Everybody) -> None:
    leaves_a_clip(people.customer)
    (clip,) = kept(world)
    stranger, path = world.app.test_client(), address_of(world, clip)
    signed = path.removeprefix("/clips/").removesuffix(".wav")

    assert stranger.get(path).status_code == HTTPStatus.OK
    for other in (signed[:-1], f"x{signed[1:]}", str(clip.id), "x" * 2000, "%00"):
        assert stranger.get(f"/clips/{other}.wav").status_code == HTTPStatus.NOT_FOUND, other

    world.advance(61 * 60)
    assert stranger.get(path).status_code == HTTPStatus.NOT_FOUND, "an hour later"
    assert stranger.get(address_of(world, clip)).status_code == HTTPStatus.OK, "a call of now has its own"


def address_of(world: World, clip: Clip) -> str:
    """Where a telephone hears it that asks now."""
    with world.app.app_context():
        return clip_links.path(clip.id)


def test_silence_is_told_as_a_recording_and_the_caller_gets_a_person(world: World, people: Everybody) -> None:
    is_silent_throughout(people.customer)

    people.dana.rings().answers().hears("A recording of 5 seconds.").presses("2").hears("/clips/")
    assert len(kept(world)) == 1


def test_whoever_was_silent_and_calls_again_is_asked_again(world: World, people: Everybody) -> None:
    is_silent_throughout(people.customer).hangs_up()
    world.advance(5)

    people.customer.dials(LINE).hears("Is this about the call").presses("1").hears("what is going wrong")


def test_whoever_has_left_a_recording_and_calls_again_is_not_asked_again(
    world: World, people: Everybody
) -> None:
    leaves_a_clip(people.customer).hangs_up()
    world.advance(5)

    people.customer.dials(LINE).hears("Is this about the call").presses("1").hears("Please hold")
    people.dana.rings(within=60).answers().hears("it crackles")
