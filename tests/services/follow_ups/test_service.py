"""Nothing is forgotten after the call: one task for each cause, with an owner and a time, ended by what settles it."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import select

from ivr.backoffice import closing
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.follow_ups import queries as follow_ups_queries
from ivr.backoffice.follow_ups import reminders
from ivr.backoffice.follow_ups import service as follow_ups
from ivr.backoffice.follow_ups.service import ClosedAlreadyError, NoEndingError, NoNoteError, NotTheirsError
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.intake import clips
from ivr.callcenter.intake import service as intakes
from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import Database
from ivr.platform.jobs.models import JobRow
from ivr.web.console.intake import service as intake
from tests.support.estimates import sent
from tests.support.follow_ups import Line
from tests.support.world import pacific

NEXT_MORNING = pacific("2026-11-24 09:00:00")


def test_an_estimate_that_nobody_opened_is_a_task_of_whoever_sent_it(
    line: Line, estimate_id: int, olive: Staff, pedro: Staff
) -> None:
    line.post_is_taken()
    line.later(hours=3, minutes=59)
    assert line.causes() == []
    line.later(minutes=1)

    (task,) = line.follow_ups()
    assert (task.cause, task.subject_id, task.owner_id) == ("unopened", estimate_id, olive.id)
    assert task.due_at == pacific("2026-11-24 08:00:00"), "three open hours today, and one tomorrow"
    assert task.cents == 650_00
    (letter,) = line.reminders()
    assert (letter.to, letter.language) == ("maria@example.com", "en")
    assert letter.values["url"].startswith("https://line.test/pay/")


def test_a_day_later_it_is_unpaid_then_about_to_expire_and_the_customer_has_two_letters(
    line: Line, estimate_id: int
) -> None:
    line.post_is_taken()
    for at in ("2026-11-23 13:30:00", "2026-11-24 13:00:00", "2026-11-25 09:30:00", "2026-12-07 09:00:00"):
        line.is_at(pacific(at))
        line.post_is_taken()

    assert line.endings() == ["continued", "continued", None]
    assert line.causes() == ["expiring"]
    assert [one.values["cause"] for one in line.reminders()] == ["unopened", "unpaid"]
    line.is_at(pacific("2026-12-08 09:00:00"))
    assert line.endings()[-1] == "expired"


@pytest.mark.parametrize("ended", ["paid", "withdrawn", "superseded", "opened", "matter_closed", "answered"])
def test_what_settles_it_ends_it_and_takes_back_the_letter_that_has_not_left(  # noqa: PLR0917  # everybody it is about
    line: Line, database: Database, estimate_id: int, intake_id: int, olive: Staff, ended: str
) -> None:
    line.post_is_taken()
    line.later(hours=5)
    assert len(line.reminders()) == 1
    line.traveller.shift(timedelta(minutes=10))
    with database.transaction():
        match ended:
            case "paid":
                estimates.paid(estimate_id)
            case "withdrawn":
                estimates.withdraw(estimate_id, by=olive)
            case "opened":
                estimates.opened(estimate_id)
            case "matter_closed":
                closing.close(intake_id, "They went elsewhere", by=olive)
    if ended == "superseded":
        sent(database, intake_id, olive, EstimateDraft(extra_hours=3), seen=1)
    if ended == "answered":
        line.talks(intake_id, olive, seconds=30)
    with database.transaction():
        follow_ups.settle(intake_id)

    assert line.endings() == [ended]
    assert line.reminders() == []
    line.later(hours=1)
    assert line.reminders() == []


def test_a_payment_has_a_job_end_it_at_once(line: Line, database: Database, estimate_id: int) -> None:
    with database.transaction():
        estimates.paid(estimate_id)

    with database.reading() as session:
        assert "follow_ups.settle" in list(session.scalars(select(JobRow.name)))


def test_two_workers_make_one_task_and_write_one_letter(line: Line, estimate_id: int) -> None:
    line.post_is_taken()
    line.traveller.shift(timedelta(hours=5))
    together = Barrier(2)

    def looks() -> None:
        together.wait()
        line.looks()

    workers = [Thread(target=looks) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert line.causes() == ["unopened"]
    assert len(line.reminders()) == 1


def test_a_letter_that_came_back_is_a_task_at_once_and_no_reminder(line: Line, estimate_id: int) -> None:
    line.post_is_taken(bounces=True)
    line.later(minutes=5)

    (task,) = line.follow_ups()
    assert task.cause == "unopened"
    assert line.reminders() == []
    with line.database.reading():
        assert follow_ups_queries.returned([task]) == {task.id}


def calls(line: Line, intake_id: int, olive: Staff) -> None:
    line.talks(intake_id, olive, seconds=20)


def is_promised_a_callback(line: Line, intake_id: int, _: Staff | None) -> None:
    with line.database.transaction():
        callbacks.promise(intakes.get(intake_id), CallbackReason.LEFT_LINE)


def wants_no_more(line: Line, _: int, __: Staff) -> None:
    (task,) = line.follow_ups()
    with line.database.transaction():
        reminders.stop(task.subject_id)


def is_reached(line: Line, _: int, olive: Staff) -> None:
    (task,) = line.follow_ups()
    with line.database.transaction():
        follow_ups.close(task.id, "reached", "", by=olive)


def is_not_interested(line: Line, _: int, olive: Staff) -> None:
    (task,) = line.follow_ups()
    with line.database.transaction():
        follow_ups.close(task.id, "no_interest", "Too dear", by=olive)


def owner_wants_no_letters(line: Line, _: int, __: Staff) -> None:
    with line.database.transaction():
        policy.change("remind_customers", "no", policy.Command("test"))


@pytest.mark.parametrize(
    "happens",
    [
        calls,
        is_promised_a_callback,
        wants_no_more,
        is_reached,
        is_not_interested,
        owner_wants_no_letters,
    ],
)
def test_no_second_letter_to_somebody_who_needs_none(
    line: Line,
    estimate_id: int,
    intake_id: int,
    olive: Staff,
    happens: Callable[[Line, int, Staff], None],
) -> None:
    line.post_is_taken()
    line.later(hours=5)
    line.post_is_taken()
    happens(line, intake_id, olive)
    line.is_at(pacific("2026-11-25 10:00:00"))

    assert len(line.reminders()) == 1
    given_up = happens is is_not_interested
    assert line.causes() == ([] if given_up else ["unpaid"]), "a person looks after it all the same"


def test_no_letter_leaves_while_the_line_is_closed(
    line: Line, database: Database, estimate_id: int, intake_id: int
) -> None:
    line.post_is_taken()
    is_promised_a_callback(line, intake_id, None)
    line.later(hours=5)
    assert (line.causes(), line.reminders()) == (["unopened"], [])
    line.traveller.move_to(pacific("2026-11-23 20:00:00"))
    with database.transaction():
        settlement.close_all(intake_id, because="matter", by="Olive")

    line.looks()
    assert line.reminders() == []
    line.is_at(pacific("2026-11-24 07:00:00"))
    assert len(line.reminders()) == 1


def test_four_open_hours_cross_a_night(line: Line, database: Database, intake_id: int, olive: Staff) -> None:
    line.traveller.move_to(pacific("2026-11-23 15:30:00"))
    sent(database, intake_id, olive)
    line.post_is_taken()
    line.is_at(pacific("2026-11-24 10:29:00"))
    assert line.causes() == []
    line.is_at(pacific("2026-11-24 10:30:00"))
    assert line.causes() == ["unopened"]


def test_a_call_without_a_wrap_up_is_a_task_of_whoever_talked_last(
    line: Line, database: Database, intake_id: int, olive: Staff, dana: Staff
) -> None:
    line.talks(intake_id, dana)
    line.later(minutes=14)
    assert line.causes() == []
    line.later(minutes=2)
    (task,) = line.follow_ups()
    assert (task.cause, task.owner_id, task.cents) == ("no_wrap_up", dana.id, None)

    with database.transaction():
        intake.fill_in(intakes.get(intake_id).reference, {"wrap_up": "by_telephone"}, by="Dana")
    with database.transaction():
        follow_ups.settle(intake_id)
    assert line.endings() == ["wrapped_up"]


def test_what_was_decided_on_the_call_is_its_wrap_up(
    line: Line, database: Database, intake_id: int, olive: Staff
) -> None:
    line.traveller.shift(timedelta(minutes=5))
    sent(database, intake_id, olive)
    line.traveller.shift(timedelta(minutes=1))
    line.talks(intake_id, olive, seconds=300)
    line.later(minutes=20)

    assert line.causes() == []


@pytest.mark.parametrize("seconds", [59, 60])
def test_a_short_call_needs_none(line: Line, intake_id: int, olive: Staff, seconds: float) -> None:
    line.talks(intake_id, olive, seconds=seconds)
    line.later(minutes=20)

    assert line.causes() == (["no_wrap_up"] if seconds >= 60 else [])


def test_a_customer_whom_we_rang_and_did_not_reach_needs_none(
    line: Line, intake_id: int, olive: Staff
) -> None:
    line.talks(intake_id, olive, direction="callback")
    line.later(minutes=20)

    assert line.causes() == []


def test_a_message_that_nobody_heard_in_an_open_hour_is_a_task_until_it_is_heard(
    line: Line, database: Database, intake_id: int, olive: Staff
) -> None:
    line.traveller.move_to(pacific("2026-11-23 15:30:00"))
    clip_id = line.leaves_a_message(intake_id)
    line.leaves_a_message(intake_id)
    line.is_at(pacific("2026-11-24 07:29:00"))
    assert line.causes() == []
    line.is_at(pacific("2026-11-24 07:30:00"))
    (task,) = line.follow_ups()
    assert (task.cause, task.subject_id, task.owner_id) == ("unheard", clip_id, olive.id)

    with database.transaction():
        clips.heard(intake_id, [clip_id], by="Olive")
        follow_ups.settle(intake_id)
    assert line.endings() == ["heard"]


def test_a_message_of_a_caller_whom_we_have_talked_with_since_is_heard(
    line: Line, intake_id: int, olive: Staff
) -> None:
    line.leaves_a_message(intake_id)
    line.traveller.shift(timedelta(minutes=2))
    line.talks(intake_id, olive, seconds=30)
    line.later(hours=2)

    assert line.causes() == []


def test_what_is_older_than_the_first_look_is_left_alone(
    database: Database, estimate_id: int, request: pytest.FixtureRequest
) -> None:
    traveller: time_machine.Traveller = request.getfixturevalue("clock")
    traveller.shift(timedelta(minutes=1))
    line = Line(database, traveller)
    line.is_at(pacific("2026-11-25 10:00:00"))

    assert line.causes() == []


def test_whoever_leaves_hands_on_evenly_and_never_to_nobody(  # noqa: PLR0917  # everybody it is about
    line: Line, database: Database, estimate_id: int, olive: Staff, pedro: Staff, ruth: Staff, dana: Staff
) -> None:
    line.later(hours=5)
    assert line.follow_ups()[0].owner_id == olive.id
    line.leaves_the_company(olive)
    line.looks()
    assert line.follow_ups()[0].owner_id == pedro.id
    line.leaves_the_company(pedro)
    line.looks()
    assert line.follow_ups()[0].owner_id == ruth.id, "what is about money is not a technician's"
    line.leaves_the_company(ruth)
    line.looks()
    assert line.follow_ups()[0].owner_id == ruth.id, "nobody else can have it"


def test_a_person_notes_hands_over_and_closes(  # noqa: PLR0917  # everybody it is about
    line: Line, database: Database, estimate_id: int, olive: Staff, pedro: Staff, dana: Staff
) -> None:
    line.later(hours=5)
    (task,) = line.follow_ups()
    with database.transaction():
        follow_ups.note(task.id, "  Call after   lunch ", by=olive)
        follow_ups.hand(task.id, pedro.id, by=olive)
    kept = line.follow_ups()[0]
    assert (kept.note, kept.owner_id) == ("Call after lunch", pedro.id)
    with pytest.raises(NotTheirsError), database.transaction():
        follow_ups.hand(task.id, dana.id, by=pedro)
    with pytest.raises(NoEndingError), database.transaction():
        follow_ups.close(task.id, "noted", "", by=pedro)
    with pytest.raises(NoNoteError), database.transaction():
        follow_ups.note(task.id, " ", by=pedro)
    with database.transaction():
        follow_ups.close(task.id, "reached", "They pay tomorrow", by=pedro)
    closed = line.follow_ups(open_only=False)[0]
    assert (closed.closed_because, closed.closed_by, closed.note) == (
        "reached",
        pedro.id,
        "They pay tomorrow",
    )
    with pytest.raises(ClosedAlreadyError), database.transaction():
        follow_ups.note(task.id, "again", by=pedro)


def test_the_report_says_in_dollars_what_came_of_it(
    line: Line, database: Database, estimate_id: int, intake_id: int, olive: Staff
) -> None:
    since = clock.now()
    line.post_is_taken()
    line.later(hours=5)
    line.post_is_taken()
    line.is_at(pacific("2026-11-25 10:00:00"))
    line.post_is_taken()
    newer, _ = sent(database, intake_id, olive, EstimateDraft(extra_hours=3), seen=1)
    line.is_at(pacific("2026-11-28 10:00:00"))
    with database.reading():
        before = follow_ups_queries.figures(since, clock.now() + timedelta(days=1))
    with database.transaction():
        estimates.paid(newer)
    line.looks()
    with database.reading():
        after = follow_ups_queries.figures(since, clock.now() + timedelta(days=1))

    assert (before.made, before.done, before.at_stake_cents, before.paid_cents) == (3, 2, 800_00, 0)
    assert (after.made, after.done, after.reminders) == (3, 3, 2)
    assert (after.at_stake_cents, after.paid_cents) == (800_00, 800_00)
