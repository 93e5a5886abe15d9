"""What works beside the network, on the same clock."""

from datetime import datetime
from typing import Protocol


class Background(Protocol):
    """Something that works beside the network and shares its clock: the job worker of an application."""

    def run_due(self) -> bool:
        """Do what is due now; whether anything was done."""

    def next_due(self) -> datetime | None:
        """When there will be something to do, as far as it is known."""
