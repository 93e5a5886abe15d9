"""When an alarm is told, to whom next, and what it says."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.backoffice.alarms.rules import Way, is_quiet, sentence, steps_of, told_up_to
from ivr.company.policy.causes import Cause

NINE = datetime(2026, 11, 23, 17, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)


@pytest.mark.parametrize(
    ("wall", "begins", "ends", "quiet"),
    [
        ("23:00", "22:00", "06:00", True),
        ("05:59", "22:00", "06:00", True),
        ("06:00", "22:00", "06:00", False),
        ("21:59", "22:00", "06:00", False),
        ("13:00", "12:00", "14:00", True),
        ("14:00", "12:00", "14:00", False),
        ("12:00", "12:00", "12:00", False),
        ("12:00", "", "14:00", False),
        ("12:00", "10:00", "", False),
    ],
)
def test_quiet_hours_may_go_on_past_midnight(*, wall: str, begins: str, ends: str, quiet: bool) -> None:
    def minutes(text: str) -> int | None:
        return int(text[:2]) * 60 + int(text[3:]) if text else None

    assert is_quiet(minutes(wall) or 0, minutes(begins), minutes(ends)) is quiet


def test_a_step_that_nobody_has_costs_no_time() -> None:
    ways = [
        Way(1, 2, {Cause.WAITING}),
        Way(2, 1, {Cause.WAITING, Cause.PAYMENT}),
        Way(3, 0, {Cause.PAYMENT}),
        Way(4, 1, {Cause.WAITING}),
    ]
    assert steps_of(Cause.WAITING, ways) == [[2, 4], [1]]
    assert steps_of(Cause.PAYMENT, ways) == [[3], [2]]
    assert steps_of(Cause.NETWORK, ways) == []


@pytest.mark.parametrize(
    ("cause", "held", "told", "told_ago", "quiet", "next_told"),
    [
        (Cause.WAITING, 0, 0, None, False, 1),
        (Cause.WAITING, 0, 0, None, True, 0),
        (Cause.WAITING, 299, 1, 299, False, 1),
        (Cause.WAITING, 300, 1, 300, False, 2),
        (Cause.WAITING, 300, 1, 300, True, 1),
        (Cause.WAITING, 9000, 1, 9000, False, 3),
        (Cause.WAITING, 9000, 3, 9000, False, 3),
        # It may pass by itself.
        (Cause.NETWORK, 59, 0, None, False, 0),
        (Cause.NETWORK, 60, 0, None, False, 1),
        # The quiet hours have ended: the first is told now, the second in five minutes.
        (Cause.PAYMENT, 30_000, 0, None, False, 1),
    ],
)
def test_the_next_is_told_when_nobody_acknowledges(
    *, cause: Cause, held: int, told: int, told_ago: int | None, quiet: bool, next_told: int
) -> None:
    up_to = told_up_to(
        3,
        told=told,
        cause=cause,
        raised_at=NINE - timedelta(seconds=held),
        told_at=None if told_ago is None else NINE - timedelta(seconds=told_ago),
        now=NINE,
        every=FIVE_MINUTES,
        is_quiet=quiet,
    )
    assert up_to == next_told


def test_without_a_channel_nothing_is_told() -> None:
    assert (
        told_up_to(
            0,
            told=0,
            cause=Cause.WAITING,
            raised_at=NINE,
            told_at=None,
            now=NINE,
            every=FIVE_MINUTES,
            is_quiet=False,
        )
        == 0
    )


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_sentence(cause: Cause) -> None:
    said = sentence(cause, "A7K2", 125)
    assert said.endswith(".")
    assert "None" not in said


def test_a_sentence_counts() -> None:
    assert sentence(Cause.CALLBACK, "A7K2", 1) == "1 callback is overdue, the oldest for A7K2."
    assert sentence(Cause.CALLBACK, "A7K2", 3) == "3 callbacks are overdue, the oldest for A7K2."
    assert sentence(Cause.WAITING, "A7K2", 200) == "A caller has waited in line for 3 minutes: A7K2."
    assert "$12.50" in sentence(Cause.SPENDING, None, 1250)
