"""Processes that a test has started."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Whatever the block starts, whoever its parent has become, has ended with it."""
    mark = f"{os.getpid()}-{time.monotonic_ns()}"
    os.environ["STARTED_BY"] = mark
    try:
        yield
    finally:
        del os.environ["STARTED_BY"]
    left = [one for one in psutil.process_iter() if started_by(one) == mark]
    assert not [one.cmdline() for one in left]


def started_by(process: psutil.Process) -> str | None:
    """Whose block has started it."""
    try:
        return process.environ().get("STARTED_BY")
    except psutil.Error:
        return None
