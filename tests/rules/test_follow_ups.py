"""When an estimate is followed up, when a customer is reminded, and what open time is."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ivr.backoffice.follow_ups import rules as follow_ups_rules
from ivr.backoffice.follow_ups.owners import Candidate, owner_of
from ivr.backoffice.follow_ups.rules import Cause, Estimated, Sent, Talk, Timing
from ivr.company.hours import open_time
from ivr.company.hours.rules import COMPANY, Closure
from ivr.company.staff.models import Role
from tests.support.world import pacific

HOUR = timedelta(hours=1)
USUAL = Timing(unopened=4 * HOUR, unpaid=timedelta(days=2), expiring=timedelta(days=3))
#: Sent on Monday at nine, good until the end of Monday two weeks later.
SENT = Sent(
    pacific("2026-11-23 09:00:00"), pacific("2026-12-08 00:00:00"), is_opened=False, is_returned=False
)


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-11-20 15:00:00", 4, "2026-11-23 10:00:00"),  # a weekend lies between
        ("2026-11-25 15:00:00", 4, "2026-11-27 10:00:00"),  # Thanksgiving
        ("2026-11-23 03:00:00", 1, "2026-11-23 08:00:00"),  # before it opens
        ("2026-11-23 12:00:00", 4, "2026-11-23 16:00:00"),  # to the minute
        ("2026-10-30 15:00:00", 2, "2026-11-02 08:00:00"),  # the clock goes back on Sunday
        ("2027-03-12 15:00:00", 2, "2027-03-15 08:00:00"),  # and forward
        ("2026-11-23 09:00:00", 24, "2026-11-25 15:00:00"),
    ],
)
def test_open_time_passes_while_the_company_is_open(since: str, hours: int, until: str) -> None:
    assert open_time.after(COMPANY, pacific(since), hours * HOUR) == pacific(until)


def test_no_open_time_passes_while_it_is_closed_by_hand() -> None:
    closed = Closure(pacific("2026-11-23 10:00:00"), pacific("2026-11-23 12:00:00"))
    calendar = replace(COMPANY, closures=(closed,))

    assert open_time.after(calendar, pacific("2026-11-23 09:00:00"), 2 * HOUR) == pacific(
        "2026-11-23 13:00:00"
    )


@pytest.mark.parametrize(
    ("sent", "at", "cause"),
    [
        (SENT, "2026-11-23 12:59:00", None),
        (SENT, "2026-11-23 13:00:00", Cause.UNOPENED),
        (replace(SENT, is_opened=True), "2026-11-24 13:00:00", None),
        (replace(SENT, is_returned=True), "2026-11-23 09:01:00", Cause.UNOPENED),
        (SENT, "2026-11-25 08:59:00", Cause.UNOPENED),
        (SENT, "2026-11-25 09:00:00", Cause.UNPAID),
        (replace(SENT, is_opened=True), "2026-11-25 09:00:00", Cause.UNPAID),
        (SENT, "2026-12-04 23:59:00", Cause.UNPAID),
        # Three days before its end is a Saturday: it waits for Monday's opening.
        (SENT, "2026-12-05 09:00:00", Cause.UNPAID),
        (SENT, "2026-12-07 07:00:00", Cause.EXPIRING),
    ],
)
def test_of_several_causes_the_last_one_counts(sent: Sent, at: str, cause: Cause | None) -> None:
    assert follow_ups_rules.cause_of(sent, USUAL, COMPANY, pacific(at)) == cause


def test_an_estimate_that_is_good_for_a_day_or_two_is_not_about_to_expire_from_the_start() -> None:
    brief = replace(SENT, expires_at=pacific("2026-11-25 00:00:00"))

    assert follow_ups_rules.cause_of(brief, USUAL, COMPANY, pacific("2026-11-23 09:01:00")) is None


def test_what_would_come_on_a_weekend_after_the_last_day_comes_before_it() -> None:
    ends_on_sunday = replace(SENT, expires_at=pacific("2026-12-07 00:00:00"))
    a_day_before = replace(USUAL, expiring=timedelta(days=1))

    cause = follow_ups_rules.cause_of(ends_on_sunday, a_day_before, COMPANY, pacific("2026-12-06 00:00:00"))
    assert cause == Cause.EXPIRING


@pytest.mark.parametrize(
    ("reminded", "may"),
    [([], True), ([-25], True), ([-23], False), ([-100, -50], False)],
)
def test_two_letters_a_day_apart_and_no_third(reminded: list[int], may: bool) -> None:  # noqa: FBT001  # a case
    now = pacific("2026-11-25 09:00:00")

    assert follow_ups_rules.may_remind([now + hours * HOUR for hours in reminded], now) is may


def test_it_is_theirs_who_know_the_matter_else_the_operators_with_the_fewest() -> None:
    dana, olive, pedro, ruth = (
        Candidate(1, Role.TECHNICIAN, 0),
        Candidate(2, Role.OPERATOR, 3),
        Candidate(3, Role.OPERATOR, 2),
        Candidate(4, Role.OWNER, 0),
    )
    everybody = (dana, olive, pedro, ruth)

    assert owner_of(Cause.UNPAID, (None, 2), everybody) == 2
    assert owner_of(Cause.UNPAID, (1, 9), everybody) == 3, "a technician sells nothing; nine has left"
    assert owner_of(Cause.NO_WRAP_UP, (1, 2), everybody) == 1
    assert owner_of(Cause.UNPAID, (), (dana, ruth)) == 4
    assert owner_of(Cause.UNHEARD, (), (dana,)) == 1
    assert owner_of(Cause.UNPAID, (1,), (dana,)) is None


def test_a_minute_of_talk_needs_a_wrap_up_however_it_is_shared() -> None:
    def talk(since: float, until: float) -> Talk:
        nine = datetime.fromisoformat("2026-11-23T17:00:00+00:00")
        return Talk(1, nine + timedelta(seconds=since), nine + timedelta(seconds=until))

    assert follow_ups_rules.needs_wrap_up([talk(0, 30), talk(30, 60)])
    assert not follow_ups_rules.needs_wrap_up([talk(0, 59), talk(80, 70)])


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("fields_filled", {"fields": ["wrap_up"]}, True),
        ("fields_filled", {"fields": ["contact_name"]}, False),
        ("fields_filled", {}, False),
        ("quote_sent", {}, True),
        ("no_callback_needed", {}, True),
        ("offer_accepted", {}, False),
    ],
)
def test_a_note_or_a_decision_says_what_a_call_came_to(
    kind: str,
    data: dict[str, object],
    says: bool,  # noqa: FBT001  # a case
) -> None:
    assert follow_ups_rules.says_what_came(kind, data) is says


def test_money_is_counted_once_a_matter_and_by_the_newest_version() -> None:
    followed = [
        Estimated(1, "visit", 1, 650_00, 800_00),
        Estimated(1, "visit", 2, 800_00, 800_00),
        Estimated(1, "more_time", 3, 150_00, 0),
        Estimated(2, "visit", 1, 350_00, 0),
    ]

    assert follow_ups_rules.at_stake(followed) == 800_00 + 150_00 + 350_00
    assert follow_ups_rules.came_of_it(followed) == 800_00
