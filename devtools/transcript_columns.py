"""The transcript of a call in the terminal: a column for each side, and across them who is joined to whom."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import click

from devtools.handset_client import Line
from ivr.company.hours import zones
from ivr.company.hours.rules import COMPANY

_TIME: Final = 10
_SHOWN: Final[Mapping[str, Callable[[str], str]]] = {
    "heard-say": lambda text: text,
    "heard-play": lambda url: (
        "(ringing tone)" if "ringing" in url else "(a recorded prompt)" if "/prompts/" in url else "(music)"
    ),
    "said": lambda text: f"says: “{text}”",
    "pressed": lambda keys: f"presses {keys}",
    "dialled": lambda number: f"dials {number}",
    "ringing": lambda _: "(the telephone rings)",
    "answered": lambda _: "(answers)",
    "missed": lambda _: "(it stops ringing)",
    "held": lambda _: "(on hold)",
    "resumed": lambda _: "(off hold)",
    "hung-up": lambda _: "(the call has ended)",
}


class TranscriptColumns:
    """Prints lines as they come. ``lanes`` is (title, numbers), from left to right. Times are the company's."""

    def __init__(
        self, lanes: Sequence[tuple[str, Sequence[str]]], columns: int, write: Callable[[str], None]
    ) -> None:
        self._lane_of = {number: lane for lane, (_, numbers) in enumerate(lanes) for number in numbers}
        self._titles = [title for title, _ in lanes]
        self._width = max(20, (columns - _TIME) // len(lanes) - 2)
        self._write = write
        self._rooms = ""

    def show_titles(self) -> None:
        """Print the head of the columns."""
        titles = "".join(f"{title:<{self._width + 2}}" for title in self._titles)
        self._write(click.style(f"{'':<{_TIME}}{titles}".rstrip(), bold=True))

    def show(self, line: Line) -> None:
        """Print one line of the transcript, in the column of its telephone."""
        lane = self._lane_of.get(line.number)
        if lane is None or line.kind not in _SHOWN:
            return
        text = _SHOWN[line.kind](line.text)
        before = " " * (lane * (self._width + 2))
        time = f"{_clock(line.at):<{_TIME}}"
        for row in textwrap.wrap(text, self._width):
            self._write(f"{click.style(time, dim=True)}{before}{click.style(row, dim=text.startswith('('))}")
            time = " " * _TIME

    def show_rooms(self, rooms: Sequence[Mapping[str, Any]]) -> None:
        """Print who is joined to whom, when that has changed."""
        joined = "; ".join(self._together(room["members"]) for room in rooms if room["members"])
        if joined != self._rooms:
            self._rooms = joined
            text = f"── joined: {joined or 'nobody'} "
            self._write(
                click.style(text.ljust(_TIME + len(self._titles) * (self._width + 2) - 2, "─"), fg="cyan")
            )

    def _together(self, members: Sequence[Mapping[str, Any]]) -> str:
        from_left = sorted(members, key=lambda member: self._lane_of.get(member["number"], 0))
        return " + ".join(f"{one['name']}{' (on hold)' if one['held'] else ''}" for one in from_left)


def _clock(at: str) -> str:
    return f"{zones.wall_clock(COMPANY.zone, datetime.fromisoformat(at)):%H:%M:%S}"
