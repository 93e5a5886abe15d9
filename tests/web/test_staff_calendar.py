"""The calendar of a member of staff: what it says, to whom, and how its address is closed."""

from datetime import time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.test import TestResponse

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.callcenter.intake.models import Intake
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.staff import changes, roster
from ivr.company.staff.calendar_links import CalendarLinks
from ivr.core.log_masks import masked
from ivr.services import services
from ivr.web.bad_links import AT_MOST, BadLinks
from tests.support.sales import Desk
from tests.support.windows import Window
from tests.support.world import World, pacific
from tests.web.twice.places import paid

US = Command("tests")


def address(world: World, name: str = "dana") -> str:
    config = services(world.app).config
    with world.database.reading():
        staff = roster.by_name_or_phone(name)
        return CalendarLinks(config.secret_keys, "").url(staff.id, staff.calendar_version)


def asks(world: World, url: str, **headers: str) -> TestResponse:
    """As a calendar program does: without a cookie."""
    client: FlaskClient = world.app.test_client()
    return client.get(url, headers=headers)


def events(answer: TestResponse) -> dict[str, Any]:
    """The first event of each title."""
    assert answer.status_code == 200
    in_order = list(Calendar.from_ical(answer.data).walk("VEVENT"))
    return {str(one["SUMMARY"]): one for one in reversed(in_order)}


def dana_works(world: World, until: time = time(16)) -> None:
    with world.database.transaction():
        shifts.set_week(US, roster.by_name_or_phone("dana"), [WeeklyHours(1, time(8), until)])


@pytest.fixture
def dana_visits(world: World) -> None:
    """Dana has shifts on Tuesdays, leave on Wednesday, and a visit that is booked."""
    paid(world)
    Desk(world).books()
    dana_works(world)
    with world.database.transaction() as session:
        dana = roster.by_name_or_phone("dana")
        session.get_one(Booking, 1).technician_id = dana.id
        intake = session.get_one(Intake, 1)
        intake.contact_name, intake.site_address = "Rosa Ruiz", "1 Main St\r\nBEGIN:VEVENT; Springfield, CA"
        leave = Span(pacific("2026-11-25 00:00:00"), pacific("2026-11-26 00:00:00"))
        shifts.add_change(dana, leave, is_on=False, reason="Dentist")


def test_it_has_shifts_leave_and_visits_and_of_a_customer_no_more_than_is_needed(
    world: World, dana_visits: None
) -> None:
    answer = asks(world, address(world))

    found = events(answer)
    reference = world.record()["reference"]
    visit = found[f"Visit {reference}"]
    assert found["Shift"].start == pacific("2026-11-24 08:00:00")
    assert found["On leave"]["DESCRIPTION"] == "Dentist"
    assert visit["LOCATION"] == "1 Main St BEGIN:VEVENT; Springfield, CA"
    assert visit["URL"].endswith(f"/t/{reference}")
    assert b"X-WR-CALNAME:Onsite Support: Dana" in answer.data
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.data
    for secret in (b"Rosa", b"555", b"front desk"):
        assert secret not in answer.data
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_owner_may_have_it_name_the_customer(world: World, dana_visits: None) -> None:
    with world.database.transaction():
        policy.change("calendar_names_customer", "yes", US)

    assert f"Visit {world.record()['reference']}, Rosa Ruiz" in events(asks(world, address(world)))


def test_an_event_that_changes_keeps_its_uid_and_what_is_old_or_far_is_left_out(world: World) -> None:
    dana_works(world)
    before = asks(world, address(world))
    again = asks(world, address(world), **{"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304

    dana_works(world, until=time(15))

    after = asks(world, address(world), **{"If-None-Match": before.headers["ETag"]})
    uids = [
        [str(one["UID"]) for one in Calendar.from_ical(each.data).walk("VEVENT")] for each in (before, after)
    ]
    assert uids[0] == uids[1]
    assert len(uids[0]) == 13  # Tuesdays in 90 days
    world.clock.move_to(world.clock.now() + timedelta(days=9))
    assert uids[0][0] not in asks(world, address(world)).text


def test_a_new_address_and_leaving_close_the_old_one(world: World) -> None:
    first = address(world)
    Window(world, "Dana").sends("/account/calendar", do="renew")
    assert asks(world, first).status_code == 404
    second = address(world)
    assert second in Window(world, "Dana").client.get("/account/calendar").text
    with world.database.transaction():
        changes.set_active(US, roster.by_name_or_phone("dana"), on=False)

    assert asks(world, second).status_code == asks(world, address(world)).status_code == 404


def test_guessed_addresses_are_counted_and_no_log_has_one(world: World) -> None:
    mine = address(world)
    forged = mine.replace(".ics", "x.ics")
    services(world.app).keep(BadLinks())  # the application outlives a test, and so would its count
    answers = [asks(world, forged).status_code for _ in range(AT_MOST + 1)]

    assert set(answers[:AT_MOST]) == {404}
    assert answers[AT_MOST] == 429
    assert asks(world, mine).status_code == 200, "a good one is not counted"
    services(world.app).keep(BadLinks())
    assert mine.rpartition("/")[2] not in masked(f"GET {mine}")
