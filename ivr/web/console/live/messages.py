"""What a stream says. It names only what changed; the reader fetches the page, and with it what they may see.

Server-sent events, each with the id of what happened, so that a reconnecting browser gets the rest. Their data
is the reference of an intake, or nothing for an event about staff:

    changed   look again at all parts that show this
    ringing   your telephone rings for it
    pop       you have accepted it: open it
    bar       look again at what the frame of each page says; its data is "bar"
    all       too much to tell; look at everything again
    here      nothing was missed; only its id counts
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Row

#: Milliseconds until the browser asks again when a stream has ended, and when all streams are taken.
COME_BACK: Final = 1000
ASK_AGAIN: Final = 3000
HEARTBEAT: Final = b": still here\n\n"
#: What concerns one member of staff beside all others.
THEIRS: Final = {"offer_made": "ringing", "offer_accepted": "pop"}


def retry(milliseconds: int) -> bytes:
    return f"retry: {milliseconds}\n\n".encode()


def message(id_: int, event: str, reference: str | None = None) -> bytes:
    return f"id: {id_}\nevent: {event}\ndata: {reference or ''}\n\n".encode()


def messages(happened: Iterable[Row[Any]], staff_id: int | None) -> bytes:
    """Return each event as everyone hears it, and once more as it concerns this member of staff."""
    said = []
    for one in happened:
        said.append(message(one.id, "changed", one.reference))
        if staff_id is not None and one.kind in THEIRS and one.data.get("staff_id") == staff_id:
            said.append(message(one.id, THEIRS[one.kind], one.reference))
    return b"".join(said)
