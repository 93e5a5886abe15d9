"""Jobs of the day of a visit."""

from ivr.backoffice.estimates.bookings import look_after
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext


def look(context: JobContext, _job: Job) -> None:
    """Reminds customers, and gives to nobody what its technician cannot make: each in a transaction of its own."""
    with context.database.reading():
        to_remind, to_release = look_after.to_remind(), look_after.to_release()
    for intake_id in to_remind:
        with context.database.transaction():
            look_after.remind(intake_id)
    for intake_id in to_release:
        with context.database.transaction():
            look_after.release(intake_id)


def tell_on_the_way(context: JobContext, job: Job) -> None:
    """Tells the customer that somebody is on the way, if it is still so."""
    told = job.payload
    with context.database.transaction():
        look_after.tell_on_the_way(int(told["intake_id"]), sequence=int(told["sequence"]), at=str(told["at"]))
