"""The logs as a process of the line writes them, and everything as it was before."""

import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, TypeVar

import structlog

from ivr.core.logging_setup import init_logs

T = TypeVar("T", bound=TextIO)
_HOOKS = (
    (sys, "excepthook"),
    (sys, "unraisablehook"),
    (threading, "excepthook"),
    (warnings, "showwarning"),
    (logging, "raiseExceptions"),
)


@contextmanager
def logs_go_to(file: T) -> Iterator[T]:
    """Whatever logs in the block writes there."""
    hooks = [getattr(module, name) for module, name in _HOOKS]
    handlers = list(logging.getLogger().handlers)
    kept = structlog.get_config()
    init_logs(file)
    try:
        yield file
    finally:
        structlog.configure(**kept)
        logging.getLogger().handlers[:] = handlers
        for (module, name), hook in zip(_HOOKS, hooks, strict=True):
            setattr(module, name, hook)
