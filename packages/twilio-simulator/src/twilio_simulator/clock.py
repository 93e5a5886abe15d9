"""What time it is on the network: held in the hand for tests, on the wall for a person."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in UTC."""


class HeldClock:
    """Stands still until moved. ``on_move`` is told every new moment, so that an application's clock can follow."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        self._now = start.astimezone(UTC)
        self.on_move: list[Callable[[datetime], None]] = []

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Time only goes forward: an earlier moment is refused with ValueError."""
        if moment < self._now:
            raise ValueError(f"{moment} is before {self._now}")
        self._now = moment.astimezone(UTC)
        for hook in self.on_move:
            hook(self._now)


class WallClock:
    """Real time, ``speed`` times as fast for talk and rings.

    ``file``, if given, holds the seconds by which this clock is ahead of the real one, as ASCII digits, for an
    application that should keep the same time. The clock starts with what it finds there, and ``write`` renews it.
    """

    def __init__(self, speed: float = 1.0, file: Path | None = None) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self.speed = speed
        self._file = file
        self._start = datetime.now(UTC) + timedelta(seconds=self._found())
        self._ticks = time.monotonic()
        self.write()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._ticks) * self.speed)

    def move_to(self, moment: datetime) -> None:
        """Jump ahead, and take whoever reads the file along. What has passed already is no jump at all."""
        self._start += max(timedelta(), moment - self.now())
        self.write()

    def real_seconds_until(self, moment: datetime) -> float:
        return max(0.0, (moment - self.now()).total_seconds() / self.speed)

    def _found(self) -> float:
        if self._file is None:
            return 0.0
        try:
            return float(self._file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0.0

    def write(self) -> None:
        if self._file is not None:
            ahead = (self.now() - datetime.now(UTC)).total_seconds()
            aside = self._file.with_suffix(".new")
            aside.write_text(f"{ahead:.3f}", encoding="ascii")
            aside.replace(self._file)
