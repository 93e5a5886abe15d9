"""A circuit breaker round the telephone: a network that does not answer is left alone for a while.

closed --so many failures in a row--> open --its time is up--> half open: one asks, all others wait
   ^                                   ^--it fails--------------+
   +----------------------it is answered------------------------+

A failure is what tells nothing: 5xx, a time-out, no connection. A refusal is an answer. While it is open nobody is
asked, and no job spends an attempt on it; docs/decisions/0013-telephone-network-outages.md says why.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, TypeVar

from ivr.core import clock
from ivr.platform.providers.telephone import (
    Addresses,
    NotAskedError,
    OutcomeUnknownError,
    Recorded,
    Reported,
    Sound,
    Telephone,
)

T = TypeVar("T")

#: More than one job has attempts: a single number at which the network breaks does not stop the line.
FAILURES: Final = 10
OPEN_FOR: Final = timedelta(seconds=20)


class Circuit:
    """A Telephone that asks another one, while that answers; raises NotAskedError while it does not.

    ``told`` hears on every change, and once at the first answer of the process, whether the network answers.
    """

    def __init__(self, line: Telephone, told: Callable[[bool], None]) -> None:
        self._line = line
        self._told = told
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Nothing is known of the network, as at the start."""
        self._failures = 0
        self._open_until: datetime | None = None
        self._answers: bool | None = None

    def _ask(self, request: Callable[[], T]) -> T:
        self._enter()
        try:
            result = request()
        except OutcomeUnknownError:
            self._failed()
            raise
        except Exception:
            self._answered()
            raise
        self._answered()
        return result

    def _enter(self) -> None:
        with self._lock:
            now = clock.now()
            if self._open_until is None:
                return
            if now < self._open_until:
                raise NotAskedError(self._open_until)
            # This one asks for everybody; the others wait for what it hears.
            self._open_until = now + OPEN_FOR

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures < FAILURES:
                return
            self._open_until = clock.now() + OPEN_FOR
        self._tell(answers=False)

    def _answered(self) -> None:
        with self._lock:
            self._failures, self._open_until = 0, None
        self._tell(answers=True)

    def _tell(self, *, answers: bool) -> None:
        with self._lock:
            if self._answers is answers:
                return
            self._answers = answers
        self._told(answers)

    # The telephone

    def ring(self, number: str, *, answered: str, failing: str, reported: str, seconds: int) -> str:
        """See ``Telephone``."""
        return self._ask(
            lambda: self._line.ring(
                number, answered=answered, failing=failing, reported=reported, seconds=seconds
            )
        )

    def find(self, number: str, *, since: datetime) -> list[Reported]:
        """See ``Telephone``."""
        return self._ask(lambda: self._line.find(number, since=since))

    def rung(self, *, before: datetime) -> list[Reported]:
        """See ``Telephone``."""
        return self._ask(lambda: self._line.rung(before=before))

    def fetch(self, sid: str) -> Reported:
        """See ``Telephone``."""
        return self._ask(lambda: self._line.fetch(sid))

    def send(self, sid: str, url: str) -> None:
        """See ``Telephone``."""
        self._ask(lambda: self._line.send(sid, url))

    def hang_up(self, sid: str) -> None:
        """See ``Telephone``."""
        self._ask(lambda: self._line.hang_up(sid))

    def addresses(self) -> Addresses:
        """See ``Telephone``."""
        return self._ask(self._line.addresses)

    def set_addresses(self, addresses: Addresses) -> None:
        """See ``Telephone``."""
        self._ask(lambda: self._line.set_addresses(addresses))

    def conference(self, room: str) -> str | None:
        """See ``Telephone``."""
        return self._ask(lambda: self._line.conference(room))

    def hold(self, conference_sid: str, sid: str, *, on: bool, music: str) -> None:
        """See ``Telephone``."""
        self._ask(lambda: self._line.hold(conference_sid, sid, on=on, music=music))

    def record(self, sid: str, *, reported: str) -> str:
        """See ``Telephone``."""
        return self._ask(lambda: self._line.record(sid, reported=reported))

    def recording_of(self, sid: str) -> str | None:
        """See ``Telephone``."""
        return self._ask(lambda: self._line.recording_of(sid))

    def recording(self, sid: str) -> Recorded:
        """See ``Telephone``."""
        return self._ask(lambda: self._line.recording(sid))

    def pause_recording(self, sid: str, recording_sid: str, *, on: bool) -> None:
        """See ``Telephone``."""
        self._ask(lambda: self._line.pause_recording(sid, recording_sid, on=on))

    def delete_recording(self, sid: str) -> None:
        """See ``Telephone``."""
        self._ask(lambda: self._line.delete_recording(sid))

    def sound(self, sid: str) -> Sound:
        """See ``Telephone``."""
        return self._ask(lambda: self._line.sound(sid))

    def clip(self, url: str) -> bytes:
        """See ``Telephone``."""
        return self._ask(lambda: self._line.clip(url))
