"""What each bench is to reach. The pages say from the tables whether it does, and the charts draw it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.ground.tables import Row, figure, name


@dataclass(frozen=True)
class Target:
    """A bound of a column, in the rows whose name matches ``of``."""

    words: str
    column: str
    bound: float
    of: str = ""
    is_least: bool = False

    def bars(self, table: Sequence[Row]) -> list[tuple[str, float]]:
        """Return the name and the figure of each row that is bounded."""
        found = ((name(row), figure(row, self.column)) for row in table if re.search(self.of, name(row)))
        return [(words, value) for words, value in found if value is not None]

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.is_least else value <= self.bound

    @property
    def limit(self) -> str:
        return f"at {'least' if self.is_least else 'most'} {self.bound:.3g}"

    def verdict(self, table: Sequence[Row]) -> str:
        """Return a sentence of Markdown: whether it is held, and by what it is not."""
        bars = self.bars(table)
        missed = [f"{words}: {value:g}" for words, value in bars if not self.holds(value)]
        if not bars:
            return f"{self.words}, {self.limit}: not measured yet."
        if missed:
            return f"{self.words}, {self.limit}: **not held**. {'; '.join(missed)}."
        values = [value for _, value in bars]
        ends = dict.fromkeys(f"{one:g}" for one in (min(values), max(values)))
        return f"{self.words}, {self.limit}: held, {' to '.join(ends)}."


@dataclass(frozen=True)
class Chapter:
    """A bench: its module, its title on the page, and its targets."""

    bench: str
    title: str
    targets: tuple[Target, ...]


_FLAT: Final = 1.2
#: A year has as many days as the line is old: two in the small database, two hundred in the large one.
_YEAR: Final = "of a year|behind a figure"
CHAPTERS: Final = (
    Chapter(
        "webhook",
        "A webhook",
        (
            Target("First webhook, milliseconds of processor", "processor", 3, "the first webhook"),
            Target("Later ones, milliseconds of processor", "processor", 1.5, "later:"),
            Target("Status reports, milliseconds of processor", "processor", 1.5, "status report"),
        ),
    ),
    Chapter(
        "calls",
        "Against the limit",
        (
            Target("Webhooks a second against the limit", "a second", 0.5, "ratio, a second", is_least=True),
            Target("p99 of 16 at once, milliseconds", "p99", 150, "the line$"),
            Target("p99 of 20 calls answering at once, milliseconds", "p99", 150, "without a breath"),
        ),
    ),
    Chapter(
        "flat",
        "Few intakes and many",
        (
            Target("Pages, many against few", "ratio", _FLAT, f"^(?!.*({_YEAR}))"),
            Target(
                "Webhooks a second, many against few", "a second", 1 / _FLAT, "ratio, a second", is_least=True
            ),
            Target("Pages of a year, milliseconds", "many", 300, _YEAR),
        ),
    ),
    Chapter(
        "line",
        "A long queue",
        (Target("A look at a queue of 1,000 against one of 1", "ratio", _FLAT, "1000$"),),
    ),
    Chapter(
        "whole",
        "What a call costs",
        (
            Target("Webs and worker, seconds of processor a call", "both a call", 0.40),
            Target("An idle worker, seconds of processor in a second", "worker idle", 0.01),
        ),
    ),
    Chapter("pop", "The window", (Target("Screen pop, p95, milliseconds", "p95", 200, "pop$"),)),
    Chapter(
        "windows",
        "Two hundred windows",
        (
            Target("Changes of which a window was never told", "missed", 0),
            Target("A web, MB", "MB of a web", 150),
        ),
    ),
    Chapter(
        "memory",
        "Memory",
        (
            Target("After calls, MB", "calls", 150),
            Target("After pages, MB", "pages", 150),
            Target("After hostile clients, MB", "hostile", 150),
        ),
    ),
    Chapter(
        "boot",
        "Start",
        (
            Target("A web loads, seconds", "seconds", 1.2, "a web$"),
            Target("Start to first answer, seconds", "seconds", 1.0, "first answer"),
            Target("The first turn, seconds", "seconds", 0.05, "first turn"),
            Target("A web at work, MiB", "MiB", 150, "at work"),
        ),
    ),
    Chapter("search", "Search", (Target("Each kind of search, p95, milliseconds", "p95", 100),)),
    Chapter(
        "journeys",
        "Journeys",
        (
            Target("Presses, what is done all day", "presses", 1, "logs in|accepts|six fields|comment|books"),
            Target("Presses, a choice and its button", "presses", 2, "callback|promises|closes"),
            Target("Presses, a way through pages", "presses", 3, "intake of|intakes|\\$710|pays"),
            Target("Presses, a new line", "presses", 16, "first owner|sets up"),
        ),
    ),
)
