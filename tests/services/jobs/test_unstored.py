"""The database restarts between a job's end and its being written down."""

from procrastinate.jobs import Job as TheirJob
from sqlalchemy.exc import OperationalError

from ivr.platform.jobs.distributed_worker import DeadError, RetryAsTold, RetryLaterError

JOB = TheirJob(id=1, queue="default", lock=None, queueing_lock="assign", task_name="ivr.run")


def test_a_job_whose_end_could_not_be_stored_is_run_again_and_not_given_up() -> None:
    """Seen in tests/exhaustive/durability: nine jobs of fifty calls were dead, and no log said so."""
    lost = OperationalError("UPDATE procrastinate_jobs", None, ConnectionError("the server is shutting down"))

    assert RetryAsTold().get_retry_decision(exception=lost, job=JOB) is not None


def test_a_job_that_is_given_up_stays_so() -> None:
    assert RetryAsTold().get_retry_decision(exception=DeadError(), job=JOB) is None
    assert RetryAsTold().get_retry_decision(exception=RetryLaterError(1), job=JOB) is not None
