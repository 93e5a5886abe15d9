"""Whether the line is open and until when, in a few words."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from ivr.company.hours.rules import COMPANY, Calendar, Closure, Window, status
from ivr.web.console.frame.rules import line_words

#: Monday, November 30, 2026, at nine in California.
MONDAY = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
CLOSED_TILL_NOON = Closure(MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=3))


@pytest.mark.parametrize(
    ("calendar", "at", "words"),
    [
        (COMPANY, MONDAY, "Open until 4:00 PM"),
        (COMPANY, MONDAY - timedelta(hours=3), "Closed until 7:00 AM"),
        (COMPANY, MONDAY + timedelta(hours=8), "Closed until Tue 7:00 AM"),
        (COMPANY, MONDAY - timedelta(days=2), "Closed until Mon 7:00 AM"),
        (replace(COMPANY, closures=(CLOSED_TILL_NOON,)), MONDAY, "Closed manually until 12:00 PM"),
        (Calendar(week={0: Window(time(7), time(8))}), MONDAY, "Closed until Mon, Dec 7, 7:00 AM"),
        (Calendar(week=dict.fromkeys(range(7), Window(time(0), time(0)))), MONDAY, "Open"),
    ],
)
def test_the_line_says_how_it_is(calendar: Calendar, at: datetime, words: str) -> None:
    assert line_words(status(calendar, at), calendar, at) == words
