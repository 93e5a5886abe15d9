"""Work for later: each side effect is a job, kept in the database with the decision that wanted it."""

from ivr.platform.jobs.queue import (
    JSON,
    Backlog,
    DeadJob,
    Handler,
    Job,
    Queue,
    Retry,
    Worker,
    backlog,
    cancel,
    dead,
    enqueue,
    forget,
    requeue,
    revive,
)

__all__ = [
    "JSON",
    "Backlog",
    "DeadJob",
    "Handler",
    "Job",
    "Queue",
    "Retry",
    "Worker",
    "backlog",
    "cancel",
    "dead",
    "enqueue",
    "forget",
    "requeue",
    "revive",
]
