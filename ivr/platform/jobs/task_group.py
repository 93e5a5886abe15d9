"""Coroutines of one event loop that end together: asyncio.TaskGroup waits for the last, this ends with the first."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from threading import Event, Thread
from typing import Any


def when_set(stop: Event) -> asyncio.Future[None]:
    """Return a future that is done once this event of a thread is set."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def wait() -> None:
        stop.wait()
        with suppress(RuntimeError):  # the loop has ended before
            loop.call_soon_threadsafe(done.set_result, None)

    # No thread of the executor: the loop would wait for it if it ended for another reason.
    Thread(target=wait, name="stop", daemon=True).start()
    return done


async def until(done: asyncio.Future[None]) -> None:
    """Return once it is done. It stays as it is when this coroutine is canceled."""
    await asyncio.shield(done)


async def first_to_end(*works: Coroutine[Any, Any, None]) -> None:
    """Return when one has ended and the others are canceled. Raises an ExceptionGroup of what they raised."""
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
