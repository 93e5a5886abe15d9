"""What every telephone heard, said and did, in order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

HEARD: Final = ("heard-say", "heard-play", "heard-voice")


@dataclass(frozen=True)
class Entry:
    """Words are written when they begin.

    ``kind``: heard-say, heard-play, heard-voice (a person), heard-tone, heard-ring, pressed, said, dialled, ringing,
    answered, missed, joined, held, resumed, waiting, left, line-lost, hung-up, sounded (a machine's own tone), came-on
    (the person whom a machine announced).
    ``language`` is that of a heard-say: en-US.
    """

    id: int
    at: datetime
    number: str
    name: str
    kind: str
    text: str
    language: str = ""

    @property
    def line(self) -> str:
        return f"{self.at:%H:%M:%S} {self.name or self.number:<16} {self.kind:<11} {self.text}"


@dataclass
class Transcript:
    entries: list[Entry] = field(default_factory=list)
    on_entry: list[Callable[[Entry], None]] = field(default_factory=list)
    _of: dict[str, list[Entry]] = field(default_factory=dict)

    def add(  # noqa: PLR0917  # an entry is that much
        self, at: datetime, number: str, name: str, kind: str, text: str, language: str = ""
    ) -> None:
        entry = Entry(len(self.entries) + 1, at, number, name, kind, text, language)
        self.entries.append(entry)
        self._of.setdefault(number, []).append(entry)
        for hook in self.on_entry:
            hook(entry)

    def of(self, number: str) -> list[Entry]:
        return list(self._of.get(number, ()))

    def __str__(self) -> str:
        return "\n".join(entry.line for entry in self.entries)
