"""Which window a visit can have at all, and what is said beside each field."""

from datetime import timedelta

import pytest

from ivr.backoffice.estimates.bookings import rules as bookings_rules
from ivr.backoffice.estimates.bookings.rules import BadWindowError, Window
from ivr.company.hours.rules import COMPANY
from tests.support.world import pacific

NOW = pacific("2026-11-30 09:00:00")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (("", "", ""), {"day": "Pick a day.", "from": "Pick the start.", "to": "Pick the end."}),
        (("soon", "09:00", "11:00"), {"day": "Enter the day, such as 2026-12-07."}),
        (("2026-02-30", "09:00", "11:00"), {"day": "Enter the day, such as 2026-12-07."}),
        (("2026-12-07", "9 AM", "11:00"), {"from": "Enter a time, such as 09:30, or 15:30 for 3:30 PM."}),
        (
            ("2026-12-07", "09:00", "11:00+02:00"),
            {"to": "Enter a time, such as 09:30, or 15:30 for 3:30 PM."},
        ),
        (("9999-12-31", "20:00", "21:00"), {"day": "Pick a day within a year."}),
        (("2027-03-14", "02:30", "04:00"), {"from": "The clocks skip that time that night. Pick another."}),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    typed: tuple[str, str, str], errors: dict[str, str]
) -> None:
    with pytest.raises(BadWindowError) as refused:
        bookings_rules.read(dict(zip(("day", "from", "to"), typed, strict=True)), COMPANY)
    assert refused.value.errors == errors


@pytest.mark.parametrize(
    ("starts", "length", "errors"),
    [
        (timedelta(days=1), timedelta(0), {"to": "The end must be after the start."}),
        (timedelta(days=1), timedelta(hours=-1), {"to": "The end must be after the start."}),
        (timedelta(days=1), timedelta(hours=12, minutes=1), {"to": "A window lasts at most 12 hours."}),
        (timedelta(days=366), timedelta(hours=2), {"day": "Pick a day within a year."}),
        (timedelta(days=-31), timedelta(hours=2), {"day": "Pick a day that is at most 30 days back."}),
        (
            timedelta(days=400),
            timedelta(0),
            {"day": "Pick a day within a year.", "to": "The end must be after the start."},
        ),
    ],
)
def test_what_cannot_be_at_all_is_refused(
    starts: timedelta, length: timedelta, errors: dict[str, str]
) -> None:
    at = NOW + starts
    with pytest.raises(BadWindowError) as refused:
        bookings_rules.check_window(Window(at, at + length), now=NOW)
    assert refused.value.errors == errors


@pytest.mark.parametrize("starts", [timedelta(days=-30), timedelta(hours=-2), timedelta(days=365)])
def test_a_window_of_the_last_month_or_of_the_year_ahead_can_be(starts: timedelta) -> None:
    bookings_rules.check_window(Window(NOW + starts, NOW + starts + timedelta(hours=12)), now=NOW)
