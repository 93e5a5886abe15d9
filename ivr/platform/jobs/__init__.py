"""Jobs: each side effect is a job, stored in the transaction that decided on it."""

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
    forget_naming,
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
    "forget_naming",
    "requeue",
    "revive",
]
