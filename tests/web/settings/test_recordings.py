"""A recording is heard instead of the words, in its language only; never silence, never old words."""

import io
import re

import pytest
from sqlalchemy import update

from flows import SCRIPT
from ivr.company.policy import cache
from ivr.company.prompts import script
from ivr.company.prompts import service as prompts
from ivr.company.prompts.models import PromptRecording
from ivr.core.db import Database
from tests.support.sounds import FRAME, wav
from tests.support.windows import Window
from tests.support.world import LINE, World
from tests.web.settings.owner import changes

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MENU = "For an onsite visit, press 1. For remote support, press 2. For a person, press 0."
KEY = next(key for key, prompt in script.by_key(SCRIPT).items() if prompt.id == MENU)
PAGE = f"/settings/prompts/{KEY}"
FEE = next(key for key, prompt in script.by_key(SCRIPT).items() if "dollars" in prompt.values)


def uploads(
    somebody: Window, data: bytes, key: str = KEY, language: str = "en", name: str = "menu.wav"
) -> int:
    return somebody.sends(f"/settings/prompts/{key}/{language}", sound=(io.BytesIO(data), name)).status_code


def address(ruth: Window) -> str:
    found = re.search(r'<audio [^>]*src="(/prompts/[^"]+)"', ruth.client.get(PAGE).text)
    assert found
    return found[1]


def test_a_caller_hears_the_recording_and_the_other_language_still_speaks(world: World, ruth: Window) -> None:
    assert uploads(ruth, wav(3)) == 303
    assert "Recorded, 3 s, by Ruth" in ruth.sees(PAGE)

    caller = world.people.customer.dials(LINE)
    caller.hears("Thank you for calling").hears(f"https://line.test{address(ruth)}").hears("Para español")
    caller.stays_silent().hears("Sorry, I didn't get that.").hears(address(ruth))
    caller.presses("9").hears("Para una visita en sitio, oprima 1").hangs_up()

    (recording_id,) = re.findall(r"recordings/(\d+)/remove", ruth.client.get(PAGE).text)
    assert ruth.sends(f"/settings/prompts/recordings/{recording_id}/remove").status_code == 303
    assert ruth.sends(f"/settings/prompts/recordings/{recording_id}/remove").status_code == 303, "once more"
    world.advance(3 * 3600)
    world.people.customer.dials(LINE).presses("9").hears("press 1").hangs_up()
    subject, told = f"Recording, English: {MENU}", r"WAV of 3 s, \w{8}"
    (first, second) = changes(world)
    assert (first[1], first[2], second[1], second[3]) == (subject, "spoken", subject, "spoken")
    assert re.fullmatch(told, first[3])
    assert re.fullmatch(told, second[2])


def test_the_sound_is_kept_by_whoever_has_fetched_it(world: World, ruth: Window) -> None:
    uploads(ruth, wav(3))
    old, anybody = address(ruth), world.app.test_client()
    answer = anybody.get(old)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "audio/wav", wav(3))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = anybody.get(old, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert anybody.get(old.replace(".wav", ".mp3")).status_code == 404

    uploads(ruth, FRAME * 100, name="menu.wav")
    assert address(ruth).endswith(".mp3"), "known by its content"
    assert anybody.get(old).status_code == 200, "a call may have been told of it a moment ago"
    world.advance(601)
    assert anybody.get(old).status_code == 404
    assert anybody.get(address(ruth)).status_code == 200


def test_for_other_words_the_recording_is_not_played(world: World, ruth: Window) -> None:
    uploads(ruth, wav(3))
    sound = address(ruth)
    with world.database.transaction() as session:
        session.execute(update(PromptRecording).values(words="For a visit, press 1."))
        cache.changed("prompts.recorded")

    page = ruth.sees(PAGE)
    assert "The words have changed" in page
    assert "For a visit, press 1. . It is not played" in page
    world.people.customer.dials(LINE).hears(MENU).hangs_up()
    assert world.app.test_client().get(sound).status_code == 404

    with world.database.transaction() as session:
        session.execute(update(PromptRecording).values(prompt="For a visit, press 1."))
    assert "No longer used" in ruth.sees("/settings/prompts")


def test_another_process_hears_of_it_at_once(world: World, ruth: Window) -> None:
    other = Database(world.database.engine.url.render_as_string(hide_password=False))
    for size in (3, 4):
        uploads(ruth, wav(size))
        sound = address(ruth)
        with world.app.app_context(), other.reading():
            assert prompts.recorded("en") == {MENU: sound}
    other.engine.dispose()


@pytest.mark.parametrize(
    ("data", "key", "status", "words"),
    [
        (b"", KEY, 422, "That isn&#39;t a WAV or MP3 file."),
        (b"<svg onload=alert(1)>", KEY, 422, "That isn&#39;t a WAV or MP3 file."),
        (bytes(5 * 1024 * 1024 + 1), KEY, 422, "larger than 5 MB"),
        (bytes(11 * 1024 * 1024), KEY, 413, "too long for this form"),
        (wav(), FEE, 422, "always spoken"),
        (wav(), "0123456789ab", 404, "no page at this address"),
    ],
)
def test_what_cannot_be_played_is_refused(  # noqa: PLR0917  # a row of the table
    world: World, ruth: Window, data: bytes, key: str, status: int, words: str
) -> None:
    answer = ruth.sends(f"/settings/prompts/{key}/en", sound=(io.BytesIO(data), "../../menu.wav"))
    assert answer.status_code == status
    assert words in answer.text
    assert ruth.sends(f"/settings/prompts/{KEY}/fr", sound=(io.BytesIO(wav()), "a.wav")).status_code == 404
    assert ruth.sends("/settings/prompts/recordings/99999999999/remove").status_code == 404
    assert changes(world) == []


def test_only_the_owner_may(world: World) -> None:
    olive = Window(world, "Olive")
    assert {olive.client.get(page).status_code for page in ("/settings/prompts", PAGE)} == {403}
    assert uploads(olive, wav()) == 403
    assert olive.sends("/settings/prompts/recordings/1/remove").status_code == 403
    assert changes(world) == []
