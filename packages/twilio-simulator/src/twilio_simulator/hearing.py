"""What an ear hears, and how long it takes to say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SECONDS_A_WORD: Final = 0.35


def talking_seconds(text: str) -> float:
    """How long it takes to say this."""
    return max(1, len(text.split())) * SECONDS_A_WORD


@dataclass(eq=False)
class Heard:
    """Words or a sound in the ear of one telephone, from ``began`` to ``until``, which is sooner once it is cut."""

    text: str
    began: datetime
    until: datetime

    def cut(self, now: datetime) -> None:
        self.until = min(self.until, now)

    def reached(self, letters: int) -> datetime | None:
        """When so many letters of the text have been heard; None when it was cut before."""
        at = self.began + timedelta(seconds=talking_seconds(self.text[:letters]))
        return at if at <= self.until else None
