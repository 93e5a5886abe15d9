"""The owner changes how the line works; what is refused is said beside the field, and nothing typed is lost."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.staff import passwords
from ivr.company.staff.models import Staff
from ivr.core.db import session
from tests.support.console import send
from tests.support.windows import Window
from tests.support.world import LINE, World
from tests.web.settings.owner import WEEK, changes


def test_a_new_fee_is_said_to_the_next_caller(world: World, ruth: Window) -> None:
    typed: dict[str, Any] = {
        "base_fee_cents": "375",
        "increment_cents": "25",
        "hourly_rate_cents": "150",
        "estimate_valid_days": "14",
        "refund_days": "5",
    }
    assert ruth.sends("/settings/prices", **typed).status_code == 303

    caller = world.people.customer.dials(LINE)
    caller.hears("For an onsite visit, press 1").presses("1").hears("starts at 375 dollars")
    assert changes(world) == [
        ("Ruth", "Onsite support fee", "$350", "$375"),
        ("Ruth", "Hourly rate", "not set", "$150"),
    ]
    page = ruth.sees("/settings/changes")
    assert "Mon, Nov 23, 2026" in page
    assert "Ruth Onsite support fee $350 $375" in page


def test_a_bad_price_is_refused_beside_its_field_and_nothing_is_lost(world: World, ruth: Window) -> None:
    typed: dict[str, Any] = {
        "base_fee_cents": "400",
        "increment_cents": "25",
        "hourly_rate_cents": "160",
        "estimate_valid_days": "x",
    }
    answer = ruth.sends("/settings/prices", **typed)

    assert answer.status_code == 422
    assert 'value="400"' in answer.text
    assert 'value="x"' in answer.text
    assert re.search(r'id="estimate_valid_days-error">Enter a whole number', answer.text)
    assert changes(world) == []


def test_only_the_owner_comes_in(world: World) -> None:
    for name in ("Dana", "Olive"):
        window = Window(world, name)
        assert window.client.get("/settings/hours").status_code == 403
        assert window.sends("/settings/prices", base_fee_cents="1").status_code == 403
        assert "Settings" not in window.client.get("/").text


def test_how_calls_are_rung(world: World, ruth: Window) -> None:
    typed: dict[str, Any] = {
        "ring_seconds": "25",
        "ring_all_at_once": "yes",
        "longest_wait_seconds": "5",
        "wrap_up_seconds": "60",
        "unanswered_pause": "yes",
        "unanswered_pause_seconds": "20",
        "languages": "es",
    }
    assert ruth.sends("/settings/calls", **typed).status_code == 303

    with world.database.reading():
        current = policy.current()
    assert (current.ring_seconds, current.longest_wait_seconds, current.ring_all_at_once) == (25, 300, True)
    assert current.languages == ("en", "es")


def test_a_language_that_is_not_offered_is_not_spoken(world: World, ruth: Window) -> None:
    typed: dict[str, Any] = {"ring_seconds": "20", "longest_wait_seconds": "10", "wrap_up_seconds": "30"}
    typed["unanswered_pause_seconds"] = "15"
    assert ruth.sends("/settings/calls", **typed).status_code == 303

    caller = world.people.customer.dials(LINE)
    caller.hears("For a person, press 0").does_not_hear("oprima el 9", for_seconds=3)
    caller.presses("9").hears("For an onsite visit, press 1")


def test_closing_early_is_looked_at_first_and_then_kept(world: World, ruth: Window) -> None:
    typed: dict[str, Any] = WEEK | {
        "observes_holidays": "yes",
        "day": "2026-11-23",
        "closes": "10:00",
        "opens": "07:00",
        "reason": "the move",
    }
    preview = ruth.sends("/settings/hours", do="preview", **typed)
    assert (
        "Open now; closes at 10:00 AM PST. Next closed: Thursday, November 26, Thanksgiving Day."
        in preview.text
    )
    assert 'value="the move"' in preview.text
    assert "closes at 4:00 PM PST" in ruth.sees("/settings/hours"), "looked at, not kept"

    assert ruth.sends("/settings/hours", do="save", **typed).status_code == 303
    assert "closes at 10:00 AM PST" in ruth.sees("/settings/hours")
    world.is_now("2026-11-23 10:01:00")
    world.people.customer.dials(LINE).hears("the move")
    (change,) = changes(world)
    assert change[1] == "Opening hours"
    assert "2026-11-23 07:00-10:00 the move" in change[3]

    removed = ruth.sends("/settings/hours", do="save", observes_holidays="yes", remove="2026-11-23", **WEEK)
    assert removed.status_code == 303
    assert "closes at 4:00 PM PST" in ruth.sees("/settings/hours")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"opens_0": "09:00", "closes_0": "08:00"}, "closing hour must be after"),
        ({"opens_0": "09:00"}, "Enter both times"),
        ({"opens_0": "soon", "closes_0": "later"}, "Enter a time"),
        ({}, "At least one day"),
        (WEEK | {"reason": "a party"}, "Enter the date"),
        (WEEK | {"day": "2026-13-45"}, "Enter a date"),
        (WEEK | {"day": "0026-12-24"}, "Pick a day from today on, within five years."),
        (WEEK | {"day": "2026-11-22"}, "Pick a day from today on"),
        (WEEK | {"day": "9999-12-31"}, "Pick a day from today on"),
        (WEEK | {"day": "2026-12-24", "reason": "r" * 81}, "one line of at most 80"),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(
    world: World, ruth: Window, typed: dict[str, Any], words: str
) -> None:
    answer = ruth.sends("/settings/hours", do="save", **typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert changes(world) == []


def test_somebody_new_can_log_in_and_somebody_who_left_cannot(world: World, ruth: Window) -> None:
    person: dict[str, Any] = {
        "name": "Nina",
        "role": "technician",
        "phone": "(415) 555-0199",
        "email": "nina@example.com",
    }
    short = ruth.sends("/settings/staff", languages="es", password="short", **person)
    assert short.status_code == 422
    assert 'value="Nina"' in short.text
    assert "Use 12 characters or more" in short.text
    added = ruth.sends("/settings/staff", languages="es", password="long enough words", **person)
    nina = of(world, "Nina")
    assert (added.status_code, added.location) == (303, f"/settings/staff/{nina.id}"), (
        "where the next steps are"
    )
    assert "Nina is on the team" in ruth.sees(added.location)
    assert (nina.phone, nina.languages) == ("+14155550199", ["es"])

    window = Window(world, "Nina")
    assert window.client.get("/intakes").status_code == 200
    assert ruth.sends(f"/settings/staff/{nina.id}/place", place="left").status_code == 303
    assert window.client.get("/intakes").status_code == 302
    with world.database.reading():
        assert not passwords.check_password(of(world, "Nina", inside=True), "long enough words")
    assert not of(world, "Nina").is_available
    assert changes(world)[-1] == ("Ruth", "Staff: Nina", "worked here", "has left")


def test_a_line_of_the_roster_is_written_anew(world: World, ruth: Window) -> None:
    dana = of(world, "Dana")
    person: dict[str, Any] = {"name": "Dana Cole", "role": "technician", "email": "dana@example.com"}
    taken = ruth.sends(f"/settings/staff/{dana.id}", phone="+14155550112", languages="en", **person)
    assert taken.status_code == 422
    assert "has this phone number already" in taken.text

    assert (
        ruth.sends(f"/settings/staff/{dana.id}", phone="+14155550111", languages="en", **person).status_code
        == 303
    )
    assert changes(world)[0][2:] == (
        "Dana, technician, (415) 555-0111, dana@example.com, English",
        "Dana Cole, technician, (415) 555-0111, dana@example.com, English",
    )
    assert ruth.sends(f"/settings/staff/{dana.id}/password", password="another long one").status_code == 303
    with world.database.reading():
        assert passwords.check_password(of(world, "Dana Cole", inside=True), "another long one")
    assert "another long one" not in str(changes(world))


def test_an_owner_does_not_lock_themselves_out(world: World, ruth: Window) -> None:
    assert ruth.sends(f"/settings/staff/{ruth.id}/place", place="left").status_code == 422
    person: dict[str, Any] = {
        "name": "Ruth",
        "role": "operator",
        "phone": "+14155550131",
        "email": "ruth@example.com",
    }
    assert ruth.sends(f"/settings/staff/{ruth.id}", languages="en", **person).status_code == 422
    assert changes(world) == []


def test_a_telephone_is_tried(world: World, ruth: Window) -> None:
    assert ruth.sends(f"/settings/staff/{of(world, 'Dana').id}/test-ring").status_code == 303

    dana = world.people.dana.rings().answers().hears("This is a test call")
    dana.presses("1").hears("Calls will reach you")
    world.advance(30)
    assert world.people.dana.ended
    assert world.records() == []
    assert "Dana answered a test call" in ruth.sees(f"/settings/staff/{of(world, 'Dana').id}")


def test_a_mailbox_has_answered_no_test_call(world: World, ruth: Window) -> None:
    page = f"/settings/staff/{of(world, 'Dana').id}"
    ruth.sends(f"{page}/test-ring")

    world.people.dana.rings().answers()
    world.advance(60)
    assert world.people.dana.ended
    assert "Nobody has answered a test call at this number yet." in ruth.sees(page)


def test_another_telephone_has_answered_nothing_yet(world: World, ruth: Window) -> None:
    dana = of(world, "Dana")
    page = f"/settings/staff/{dana.id}"
    ruth.sends(f"{page}/test-ring")
    world.people.dana.rings().answers().presses("1")
    person: dict[str, Any] = {"name": "Dana", "role": "technician", "email": dana.email, "languages": "en"}
    assert ruth.sends(page, phone="+14155550119", **person).status_code == 303
    assert "Nobody has answered a test call at this number yet." in ruth.sees(page)


def test_an_owner_sets_a_pin_and_takes_it_away(world: World, ruth: Window) -> None:
    page = f"/settings/staff/{ruth.id}"
    assert ruth.sends(f"{page}/pin", do="set", pin="123456").status_code == 422
    assert ruth.sends(f"{page}/pin", do="clear").status_code == 422
    assert ruth.sends(f"{page}/pin", do="set", pin="481516").status_code == 303
    assert passwords.check_pin(of(world, "Ruth"), "481516")
    assert "481516" not in ruth.sees(page)
    assert ruth.sends(f"{page}/pin", do="clear").status_code == 303
    assert of(world, "Ruth").pin_hash is None
    assert [line[1:] for line in changes(world)] == [
        ("PIN of Ruth", "had none", "a new one"),
        ("PIN of Ruth", "had one", "has none"),
    ]
    assert ["new PIN" in one.text for one in world.letters()] == [True, False]


def test_everybody_may_have_a_pin_and_who_becomes_an_owner_chooses_another(
    world: World, ruth: Window
) -> None:
    dana = of(world, "Dana")
    page = f"/settings/staff/{dana.id}"
    assert ruth.sends(f"{page}/pin", do="set", pin="481516").status_code == 303
    assert passwords.check_pin(of(world, "Dana"), "481516")
    fields: dict[str, Any] = {"name": dana.name, "phone": dana.phone, "email": dana.email, "languages": "en"}
    assert ruth.sends(page, role="operator", **fields).status_code == 303
    assert of(world, "Dana").pin_hash is not None
    assert ruth.sends(page, role="owner", **fields).status_code == 303

    assert of(world, "Dana").pin_hash is None


def test_somebody_new_chooses_their_password_by_a_letter(world: World, ruth: Window) -> None:
    new: dict[str, Any] = {
        "name": "Nina",
        "role": "technician",
        "phone": "(415) 555-0199",
        "email": "nina@example.com",
    }
    assert ruth.sends("/settings/staff", languages="en", invite="yes", **new).status_code == 303
    [letter] = world.letters()
    assert "Ruth asks you to choose a password" in letter.text
    world.advance(2 * 86400)
    [link] = re.findall(r"/login/reset/\S+", letter.text)
    stranger = world.app.test_client()
    assert send(stranger, link, password="a long enough one").status_code == 303
    assert passwords.check_password(of(world, "Nina"), "a long enough one")
    assert stranger.get(link).status_code == 410


def of(world: World, name: str, *, inside: bool = False) -> Staff:
    wanted = select(Staff).where(Staff.name == name)
    if inside:
        return session.scalars(wanted).one()
    with world.database.reading() as reading:
        return reading.scalars(wanted).one()


def test_a_link_to_their_own_page_is_mailed_once(world: World, ruth: Window) -> None:
    dana = of(world, "Dana")
    for _ in range(2):
        assert ruth.sends(f"/settings/staff/{dana.id}/link", link="mail").status_code == 303
    assert f"on its way to {dana.email}" in ruth.sees(f"/settings/staff/{dana.id}")

    with world.database.reading() as session:
        (mail,) = session.scalars(select(Mail))
    assert (mail.to, mail.subject) == (dana.email, "Your mobile page: Onsite Support")
    (path,) = re.findall(r"https?://[^/]+(/t/\S+)", world.letters()[0].text)
    assert world.app.test_client().get(path).location == "/t"
    assert mail.values == {}, "nothing is kept of what was sent"
    assert "/t/" not in str(changes(world))
