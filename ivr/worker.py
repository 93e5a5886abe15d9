"""The worker: every job by its name, the routines, and the URLs that jobs send legs to."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from flows import FLOWS
from ivr.backoffice.alarms import jobs as alarms_jobs
from ivr.backoffice.costs import jobs as costs_jobs
from ivr.backoffice.estimates.bookings import jobs as bookings_jobs
from ivr.backoffice.follow_ups import jobs as follow_ups_jobs
from ivr.backoffice.paid_time import jobs as paid_time_jobs
from ivr.backoffice.payments import jobs as payments_jobs
from ivr.backoffice.personal_data import jobs as personal_data_jobs
from ivr.backoffice.prompt_calls import jobs as prompt_calls_jobs
from ivr.backoffice.reports import jobs as reports_jobs
from ivr.backoffice.search import jobs as search_jobs
from ivr.callcenter.continuity import jobs as continuity_jobs
from ivr.callcenter.intake import jobs as intake_jobs
from ivr.callcenter.recording import jobs as recording_jobs
from ivr.callcenter.routing import jobs as routing_jobs
from ivr.callcenter.supervision import callback_jobs, leg_jobs, transfer_jobs, whose_job
from ivr.company.mail import jobs as mail_jobs
from ivr.company.shifts import jobs as shifts_jobs
from ivr.company.staff import jobs as staff_jobs
from ivr.operations.backups import jobs as backups_jobs
from ivr.operations.retention import jobs as retention_jobs
from ivr.platform.jobs import Handler, Job, Worker, requeue
from ivr.platform.jobs.context import JobContext, Route, Routes
from ivr.platform.jobs.routine import Routine
from ivr.platform.providers.telephone import NotAskedError
from ivr.platform.voice import Step

JOBS: Final[dict[str, Callable[[JobContext, Job], None]]] = {
    "dispatch.assign": routing_jobs.assign,
    "dispatch.ring": routing_jobs.ring,
    "dispatch.end_absences": routing_jobs.end_absences,
    "dispatch.test_ring": routing_jobs.test_ring,
    "calls.join_caller": leg_jobs.join_caller,
    "calls.tell_caller_gone": leg_jobs.tell_caller_gone,
    "calls.tell_nobody_came": leg_jobs.tell_nobody_came,
    "calls.tell_staff_left": leg_jobs.tell_staff_left,
    "calls.bring_staff_back": leg_jobs.bring_staff_back,
    "calls.ring_back": leg_jobs.ring_back,
    "calls.look_after": leg_jobs.look_after,
    "calls.reconcile": leg_jobs.reconcile,
    "calls.hang_up": leg_jobs.hang_up,
    "transfers.go_on": transfer_jobs.go_on,
    "transfers.apply_hold": transfer_jobs.apply_hold,
    "transfers.let_hear_ringing": transfer_jobs.let_hear_ringing,
    "transfers.join_consultation": transfer_jobs.join_consultation,
    "transfers.end_consultation": transfer_jobs.end_consultation,
    "transfers.tell_nobody_took_it": transfer_jobs.tell_nobody_took_it,
    "callbacks.ring_customer": callback_jobs.ring_customer,
    "callbacks.lost": callback_jobs.lost,
    "continuity.fetch": continuity_jobs.fetch,
    "intake.keep_clip": intake_jobs.keep_clip,
    "intake.mail_message": intake_jobs.mail_message,
    "payments.look_after": payments_jobs.look_after,
    "payments.close_pages": payments_jobs.close_pages,
    "payments.note_refunds": payments_jobs.note_refunds,
    "payments.match": payments_jobs.match,
    "visits.look": bookings_jobs.look,
    "visits.week_changed": bookings_jobs.week_changed,
    "visits.tell_on_the_way": bookings_jobs.tell_on_the_way,
    "follow_ups.look": follow_ups_jobs.look,
    "follow_ups.settle": follow_ups_jobs.settle,
    "payments.refund": payments_jobs.refund,
    "payments.note_fee": payments_jobs.note_fee,
    "mail.send": mail_jobs.send,
    "mail.look_after": mail_jobs.look_after,
    "staff.mail_reset": staff_jobs.mail_reset,
    "recordings.begin": recording_jobs.begin,
    "recordings.tell": recording_jobs.tell,
    "recordings.steer": recording_jobs.steer,
    "recordings.look_after": recording_jobs.look_after,
    "recordings.delete": recording_jobs.delete,
    "personal_data.erase": personal_data_jobs.erase,
    "reports.count_days": reports_jobs.count_days,
    "reports.mail_week": reports_jobs.mail_week,
    "costs.count_days": costs_jobs.count_days,
    "search.merge": search_jobs.merge,
    "shifts.extend": shifts_jobs.extend,
    "paid_time.look": paid_time_jobs.look,
    "paid_time.ring": paid_time_jobs.ring,
    "paid_time.look_after": paid_time_jobs.look_after,
    "paid_time.send": paid_time_jobs.send,
    "prompt_calls.ring": prompt_calls_jobs.ring,
    "prompt_calls.look_after": prompt_calls_jobs.look_after,
    "shifts.look": shifts_jobs.look,
    "operations.backup": backups_jobs.back_up,
    "retention.purge": retention_jobs.purge,
    "alarms.look": alarms_jobs.look,
    "alarms.send": alarms_jobs.send,
    "alarms.look_after_call": alarms_jobs.look_after_call,
}
#: Each worker plans them when it starts; the worker that runs one plans its next run.
ROUTINES: Final = (
    Routine("alarms.look", every=timedelta(seconds=20)),
    Routine("calls.reconcile", every=timedelta(minutes=1)),
    Routine("continuity.fetch", every=timedelta(minutes=1)),
    Routine("visits.look", every=timedelta(minutes=1)),
    Routine("paid_time.look", every=timedelta(minutes=1), at=timedelta(seconds=30)),
    Routine("follow_ups.look", every=timedelta(minutes=5)),
    Routine("reports.count_days", every=timedelta(minutes=5)),
    Routine("reports.mail_week", every=timedelta(minutes=15)),
    Routine("costs.count_days", every=timedelta(minutes=10)),
    Routine("search.merge", every=timedelta(minutes=5)),
    Routine("mail.look_after", every=timedelta(hours=1)),
    Routine("shifts.look", every=timedelta(minutes=15)),
    Routine("shifts.extend", every=timedelta(days=1), at=timedelta(hours=8)),
    # At night, wherever in America the company is; the backup before anything is deleted.
    Routine("operations.backup", every=timedelta(days=1), at=timedelta(hours=9)),
    Routine("retention.purge", every=timedelta(days=1), at=timedelta(hours=10)),
)


def make_worker(context: JobContext) -> Worker:
    """Return the worker for this database: DATABASE_URL alone decides which engine runs the jobs."""
    if context.database.engine.dialect.name == "sqlite":
        from ivr.platform.jobs.worker import EmbeddedWorker  # noqa: PLC0415

        return EmbeddedWorker(context.database, handlers(context))
    from ivr.platform.jobs.distributed_worker import DistributedWorker  # noqa: PLC0415

    return DistributedWorker(context.database, handlers(context))


def handlers(context: JobContext) -> dict[str, Handler]:
    """Return the handler of every job, by the job's name."""
    return dict.fromkeys(JOBS, partial(_perform, context))


def _perform(context: JobContext, job: Job) -> None:
    if routine := next((one for one in ROUTINES if one.name == job.name), None):
        with context.database.transaction():
            routine.plan()  # first, so that the next run comes even if this one dies
        # Without its key, which the next run has: a run that the open breaker stops is queued again, below.
        job = replace(job, key=None)
    try:
        whose_job.told(context, job)
        JOBS[job.name](context, job)
    except NotAskedError as network:
        # Not all at the same moment: the first of these jobs tests the network for the others.
        luck = timedelta(seconds=3 * random.random())  # noqa: S311  # no secret
        with context.database.transaction():
            requeue(job, run_at=network.until + luck)


def routes(public_url: str) -> Routes:
    """Return the steps that jobs send legs to, as absolute URLs below ``public_url``."""

    def route(step: Step[Any]) -> Route:
        return lambda **ids: public_url + step.path(**ids)

    def address(path: str) -> Route:
        return lambda **ids: public_url + path + (f"?{urlencode(ids)}" if ids else "")

    return Routes(
        **{name: route(step) for listed in FLOWS for name, step in listed.entry_points.items()},
        hold_music=address("/voice/hold_music"),
        call_recorded=address("/voice/call_recorded"),
        test_ring=address("/voice/test_ring"),
        prompt_call_status=address("/voice/prompt_call/status"),
        status=address("/voice/status"),
        recording=address("/voice/recording"),
        fallback=address("/voice/fallback"),
    )
