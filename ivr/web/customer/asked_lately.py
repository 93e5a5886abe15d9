"""When the provider was last asked about a page: a customer who reloads costs no request each time.

What is noted is this process's own and writes nothing. Where several processes serve, each asks for itself.
"""

from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from flask import Flask

from ivr.core import clock
from ivr.services import services

#: Shorter than somebody waits before they press "Check again".
PAUSE: Final = timedelta(seconds=3)


def init_asked_lately(app: Flask) -> None:
    """Begin the application's notes. Its services must be installed first."""
    services(app).keep(AskedLately())


class AskedLately:
    """The pages that the provider was asked about within the last seconds."""

    def __init__(self) -> None:
        self._asked: dict[str, datetime] = {}
        self._lock = Lock()

    def claim(self, page_id: str) -> bool:
        """Whether to ask about this page now. The first who may is the only one until the pause is over."""
        now = clock.now()
        with self._lock:
            # A clock that was set back holds nobody up.
            self._asked = {one: at for one, at in self._asked.items() if abs(now - at) < PAUSE}
            if page_id in self._asked:
                return False
            self._asked[page_id] = now
        return True
