"""How many bad links a network has opened. A good link is not looked up here: nobody can close it for its holder.

The count is this process's own and writes nothing: a page elsewhere may have its readers open bad links without end.
"""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from flask import Flask

from ivr.core import clock
from ivr.services import services
from ivr.web.client_address import client_network

COUNTS_FOR: Final = timedelta(minutes=15)
AT_MOST: Final = 20
#: The networks that are counted at a time. The one that was quiet for longest is forgotten first.
_NETWORKS: Final = 10_000


def init_bad_links(app: Flask) -> None:
    """Begin the application's count. Its services must be installed first."""
    services(app).keep(BadLinks())


def status() -> int:
    """Count the present request as a bad link, and return how it is answered: 404, or 429 after too many."""
    return services().find(BadLinks).status(client_network())


class BadLinks:
    """The bad links of the last minutes, by network."""

    def __init__(self) -> None:
        self._opened: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def status(self, network: str | None) -> int:
        """Count one more bad link of this network, if it is known, and return the status of the answer."""
        if network is None:
            return 404
        now = clock.now()
        with self._lock:
            opened = self._opened.pop(network, None) or deque(maxlen=AT_MOST)
            is_too_many = len(opened) == AT_MOST and opened[0] > now - COUNTS_FOR
            opened.append(now)
            self._opened[network] = opened
            if len(self._opened) > _NETWORKS:
                del self._opened[next(iter(self._opened))]
        return 429 if is_too_many else 404
