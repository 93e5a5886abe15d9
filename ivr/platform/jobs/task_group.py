"""Coroutines of one event loop that end together: asyncio.TaskGroup waits for the last, this ends with the first."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from threading import Event
from typing import Any


async def is_set(stop: Event) -> None:
    """Return once this event of a thread is set."""
    while not stop.is_set():  # noqa: ASYNC110  # a thread's event, and no thread may block on it
        await asyncio.sleep(0.05)


async def first_to_end(*works: Coroutine[Any, Any, None]) -> None:
    """Return when one has ended and the others are cancelled. Raises an ExceptionGroup of what they raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    errors = []
    for task in tasks:
        try:
            with suppress(asyncio.CancelledError):
                await task
        except Exception as error:  # noqa: BLE001  # raised below, all together
            errors.append(error)
    if errors:
        raise ExceptionGroup("the worker ended", errors)
