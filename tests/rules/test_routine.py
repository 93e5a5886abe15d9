"""When a routine comes next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ivr.platform.jobs.routine import Routine

NIGHTLY = Routine("a", every=timedelta(days=1), at=timedelta(hours=10))


def test_each_night_at_the_same_hour() -> None:
    assert NIGHTLY.after(datetime(2026, 11, 23, 9, 59, tzinfo=UTC)) == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert NIGHTLY.after(datetime(2026, 11, 23, 10, tzinfo=UTC)) == datetime(2026, 11, 24, 10, tzinfo=UTC)


@given(
    st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # given a zone
    st.integers(1, 100_000),
)
def test_the_moments_are_the_same_whoever_asks_and_none_is_left_out(moment: datetime, seconds: int) -> None:
    routine = Routine("a", every=timedelta(seconds=seconds))
    following = routine.after(moment)
    assert timedelta() < following - moment <= routine.every
    assert routine.after(following - timedelta(microseconds=1)) == following
    assert routine.after(following) == following + routine.every
