"""The owner has closed the line by hand: from when, until when, and what opens it again."""

from datetime import UTC, datetime

import pytest

from ivr.hours import rules
from ivr.hours.rules import COMPANY, Closure

#: A Monday, 9 a.m. to noon Pacific.
MORNING = Closure(datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 11, 23, 20, tzinfo=UTC))
#: The same, until midnight Pacific.
WHOLE_DAY = MORNING._replace(until_at=datetime(2026, 11, 24, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("hour", "minute", "opened"), [(16, 59, True), (17, 0, False), (19, 59, False), (20, 0, True)]
)
def test_a_closure_holds_from_its_moment_and_ends_by_itself(*, hour: int, minute: int, opened: bool) -> None:
    at = datetime(2026, 11, 23, hour, minute, tzinfo=UTC)

    assert rules.is_open(COMPANY, at, [MORNING]) is opened
    assert rules.status(COMPANY, at, [MORNING]).open is opened


def test_it_opens_again_at_the_end_of_the_closure_or_at_the_next_opening() -> None:
    at = datetime(2026, 11, 23, 18, tzinfo=UTC)

    assert rules.status(COMPANY, at, [MORNING]).reason == "closure"
    assert rules.status(COMPANY, at, [MORNING]).next_opening == MORNING.until_at
    tuesday = datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert rules.status(COMPANY, at, [WHOLE_DAY, MORNING]).next_opening == tuesday
