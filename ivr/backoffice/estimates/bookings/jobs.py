"""Jobs of the day of a visit."""

from datetime import datetime, time

from ivr.backoffice.estimates.bookings import look_after, releases
from ivr.backoffice.estimates.bookings.releases import WeekBefore
from ivr.company.shifts.rules import WeeklyHours
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext


def look(context: JobContext, _job: Job) -> None:
    """Reminds customers, and gives to nobody what its technician cannot make: each in a transaction of its own."""
    with context.database.reading():
        to_remind, to_release = look_after.to_remind(), releases.to_release()
    for intake_id in to_remind:
        with context.database.transaction():
            look_after.remind(intake_id)
    for staff_id, intake_ids in to_release.items():
        with context.database.transaction():
            releases.release(staff_id, intake_ids)


def week_changed(context: JobContext, job: Job) -> None:
    """Give to nobody what the technician could make until their week was changed, and now cannot."""
    had = job.payload
    hours = [
        WeeklyHours(weekday, time.fromisoformat(starts), time.fromisoformat(ends))
        for weekday, starts, ends in had["had"]
    ]
    before = WeekBefore(hours, str(had["zone"]), datetime.fromisoformat(had["at"]))
    with context.database.transaction():
        releases.week_changed(int(had["staff_id"]), before)


def tell_on_the_way(context: JobContext, job: Job) -> None:
    """Tell the customer that somebody is on the way, if it is still so."""
    told = job.payload
    with context.database.transaction():
        look_after.tell_on_the_way(int(told["intake_id"]), sequence=int(told["sequence"]), at=str(told["at"]))
