"""Two hundred windows: whether each is told of every change, how soon, and what it costs.

    .venv/bin/python -m bench.windows [WINDOWS] [CHANGES]

The web is that of the Procfile; each window is a stream over a socket of its own. Changes are committed by another
process, as a worker does. After half of them every second window goes, and comes again when some more have been made.
"Missed" counts what a window was never told; milliseconds go from the commit to the first and to the last window;
"processor" is that of the webs for a change, in milliseconds.
"""

import sys
from pathlib import Path
from time import monotonic
from typing import Final

from sqlalchemy import func, select

from bench.ground.callers import percentile
from bench.ground.databases import both, folder, kind_of
from bench.ground.web import LINE, Web
from bench.ground.windows import cookie
from ivr.company.staff import roster
from ivr.core.db import Database, session
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent
from tests.support.streams import Stream, Streams

_MEBI: Final = 1024 * 1024
_WHILE_AWAY: Final = 5


def main() -> None:
    """Print the table."""
    count, changes = (int(word) for word in (sys.argv[1:] + ["200", "60"][len(sys.argv) - 1 :]))
    print(f"{count} windows, {changes} changes\n")
    print("| database | missed | first p50 | last p50 | last p95 | processor | MB of a web |")
    print("|---|---|---|---|---|---|---|")
    with folder() as where:
        for url in both(where):
            measured(url, where, count, changes)


def measured(url: str, where: Path, count: int, changes: int) -> None:
    """Print the row of one database."""
    database = Database(url)
    with database.transaction():
        staff = roster.add("Olive", "operator", "+14155550122", "olive@example.com", ["en"], None).id
    known_by = cookie(database, staff)
    first: list[float] = []
    last: list[float] = []
    with Web(LINE, url, where) as web, Streams(Stream(web.port, known_by) for _ in range(count)) as windows:
        windows.hear(b"event: here")
        known, before = _newest(database), web.processor()
        for number in range(changes):
            if number == changes // 2:
                _away(web, database, windows, known_by)
            id_, began = _change(database), monotonic()
            moments = windows.hear(_told(id_))
            first.append(moments[0] - began)
            last.append(moments[-1] - began)
        cost = (web.processor() - before) / (changes + _WHILE_AWAY) * 1000
        ids = range(known + 1, _newest(database) + 1)
        missed = sum(_told(id_) not in one.told for one in windows.streams for id_ in ids)
        memory = max(web.memory()) // _MEBI
    database.engine.dispose()
    print(
        f"| {kind_of(url)} | {missed} of {count * len(ids)} | {percentile(first, 50):.0f} "
        f"| {percentile(last, 50):.0f} | {percentile(last, 95):.0f} | {cost:.1f} | {memory} |",
        flush=True,
    )


def _away(web: Web, database: Database, windows: Streams, known_by: str) -> None:
    """Every second window loses its stream, and comes again with the last event that it was told of."""
    seen = _newest(database)
    for one in windows.streams[::2]:
        one.socket.close()
    for _ in range(_WHILE_AWAY):
        id_ = _change(database)
    for number, gone in [*enumerate(windows.streams)][::2]:
        windows.streams[number] = Stream(web.port, known_by, seen)
        windows.streams[number].told = gone.told
    windows.hear(_told(id_))


def _change(database: Database) -> int:
    with database.transaction():
        timeline.append(None, "staff_away")
    return _newest(database)


def _newest(database: Database) -> int:
    with database.reading():
        return session.scalar(select(func.max(CallEvent.id))) or 0


def _told(id_: int) -> bytes:
    return b"id: %d\nevent: changed\n" % id_


if __name__ == "__main__":
    main()
