"""The letter for a forgotten password."""

from ivr.company.staff import password_reset
from ivr.company.staff.password_reset import ResetLinks
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext


def mail_reset(context: JobContext, job: Job) -> None:
    """Write the letter to whoever has forgotten their password; do nothing for an address that nobody has."""
    with context.database.transaction():
        password_reset.post(int(job.payload["staff_id"]), ResetLinks(context.secret_keys, context.public_url))
