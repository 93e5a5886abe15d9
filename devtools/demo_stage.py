"""Plays one call: prints every line of its transcript as it happens, and waits for every step."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from devtools.handset_client import Handsets, Line
from devtools.transcript_columns import TranscriptColumns

_LOOK: Final = 0.03
_A_MOMENT: Final = 0.6

Phone = dict[str, Any]


class StepFailedError(Exception):
    """A step did not happen in time; the message names it."""


class Stage:
    """The telephones of a demonstration.

    While it waits it calls ``beside``, which may raise. ``patience`` is the time for a step, in seconds.
    """

    def __init__(
        self,
        handsets: Handsets,
        lanes: TranscriptColumns,
        *,
        beside: Callable[[], None],
        patience: float = 12,
    ) -> None:
        self._handsets = handsets
        self._lanes = lanes
        self._beside = beside
        self._patience = patience
        lanes.show_titles()
        self._last = 0
        self._acted_at: dict[str, int] = {}
        self._told: dict[str, Line] = {}

    def do(self, number: str, act: str, **details: str) -> None:
        """Have this telephone do something."""
        self._acted_at[number] = self._last
        self._handsets.do(number, act, **details)

    def wait_for(self, what: str, happened: Callable[[dict[str, Any]], Any]) -> Any:
        """Wait until ``happened`` returns something for the network's state; return it. Raises StepFailedError."""
        deadline = time.monotonic() + self._patience
        while True:
            state = self._handsets.look()
            self._print(state)
            if found := happened(state):
                return found
            self._beside()
            if time.monotonic() > deadline:
                raise StepFailedError(f"This did not happen within {self._patience:g} s: {what}.")
            time.sleep(_LOOK)

    def wait_for_question(self, number: str, what: str, *, having: str = "") -> None:
        """Wait until this telephone has heard a new prompt with these words and the service listens to it."""

        def asked(state: dict[str, Any]) -> bool:
            told = self._told.get(number)
            if told is None or told.id <= self._acted_at.get(number, 0):
                return False
            return having in told.text and _phone(state, number)["listening"] is not None

        self.wait_for(what, asked)

    def hear_out(self, number: str) -> None:
        """Wait until this telephone has heard no new prompt for a moment."""
        heard, since = self._told.get(number), time.monotonic()

        def is_quiet(_state: dict[str, Any]) -> bool:
            nonlocal heard, since
            if self._told.get(number) != heard:
                heard, since = self._told.get(number), time.monotonic()
            return time.monotonic() - since > _A_MOMENT

        self.wait_for("the line lets somebody speak", is_quiet)

    def wait_for_ring(self, numbers: Sequence[str], what: str) -> str:
        """Wait until one of these telephones rings, and return its number."""

        def ringing(state: dict[str, Any]) -> str | None:
            return next((one for one in numbers if _phone(state, one)["state"] == "ringing"), None)

        number: str = self.wait_for(what, ringing)
        return number

    def wait_until_joined(self, numbers: Sequence[str], what: str, *, held: Sequence[str] = ()) -> None:
        """Wait until exactly these are in one conference, and exactly ``held`` of them are on hold."""

        def together(state: dict[str, Any]) -> bool:
            return any(
                {member["number"] for member in room["members"]} == set(numbers)
                and {member["number"] for member in room["members"] if member["held"]} == set(held)
                for room in state["rooms"]
            )

        self.wait_for(what, together)

    def wait_until_idle(self, numbers: Sequence[str], what: str) -> None:
        """Wait until all of these have hung up."""
        self.wait_for(what, lambda state: all(_phone(state, one)["state"] == "idle" for one in numbers))

    def _print(self, state: dict[str, Any]) -> None:
        for line in self._handsets.heard(self._last):
            self._last = line.id
            if is_prompt(line):
                self._told[line.number] = line
            self._lanes.show(line)
        self._lanes.show_rooms(state["rooms"])


def is_prompt(line: Line) -> bool:
    """Whether the service speaks, not another person."""
    return line.kind in {"heard-say", "heard-play"}


def _phone(state: dict[str, Any], number: str) -> Phone:
    found: Phone = next(phone for phone in state["phones"] if phone["number"] == number)
    return found
