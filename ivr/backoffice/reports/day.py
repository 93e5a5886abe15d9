"""What is counted of the callers of a day, and what several days make together. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from ivr.backoffice.reports.robots import Robots
from ivr.backoffice.reports.rules import FIGURES, WAITS, Fact, Reached, Row, Rung
from ivr.callcenter.calls.outcomes import Outcome


@dataclass(frozen=True)
class Day:
    """The counts of one day, or of several.

    ``figures`` by name; ``rang`` and ``answered`` by hour of the day; ``waits``: the answered callers by their wait in
    seconds; ``rung``: telephones by whether they are staff's, and outcome.
    """

    figures: Counter[str] = field(default_factory=Counter)
    rang: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    rung: Counter[tuple[bool, Outcome]] = field(default_factory=Counter)
    robots: Robots = field(default_factory=Robots)

    def __bool__(self) -> bool:
        """Whether anybody called."""
        return self.figures["rang"] > 0


def counted(facts: Sequence[Fact], rung: Iterable[Rung], robots: Robots) -> Day:
    """Returns what these callers come to."""
    of_phones: Counter[tuple[bool, Outcome]] = Counter()
    for one in rung:
        of_phones[one.is_staff, one.outcome] += one.count
    return Day(
        Counter({name: sum(map(figure.holds, facts)) for name, figure in FIGURES.items()}),
        Counter(one.hour for one in facts),
        Counter(one.hour for one in facts if one.wait is not None),
        Counter(one.wait for one in facts if one.wait is not None),
        of_phones,
        robots,
    )


def total(days: Iterable[Day]) -> Day:
    """Returns the days together."""
    whole, robots = Day(), Robots()
    for one in days:
        whole.figures.update(one.figures)
        whole.rang.update(one.rang)
        whole.answered.update(one.answered)
        whole.waits.update(one.waits)
        whole.rung.update(one.rung)
        robots += one.robots
    return Day(whole.figures, whole.rang, whole.answered, whole.waits, whole.rung, robots)


#: Longer than any page that lists them.
_LATEST: Final = 200


def latest(facts: Sequence[Fact]) -> dict[str, list[int]]:
    """Returns by figure the ids of the latest intakes that it counts, the latest first."""
    backwards = facts[::-1]
    return {
        name: [one.id for one in backwards if figure.holds(one)][:_LATEST] for name, figure in FIGURES.items()
    }


def as_json(day: Day) -> dict[str, Any]:
    """Returns it for the database."""
    return {
        "figures": dict(day.figures),
        **{name: list(getattr(day, name).items()) for name in ("rang", "answered", "waits")},
        "rung": [[is_staff, outcome, count] for (is_staff, outcome), count in day.rung.items()],
        "robots": [day.robots.kept_out, day.robots.minutes, day.robots.asked, day.robots.people_asked],
    }


def from_json(kept: Mapping[str, Any]) -> Day:
    """Returns the day that ``as_json`` was given."""
    kept_out, minutes, asked, people_asked = kept["robots"]
    return Day(
        Counter(kept["figures"]),
        rang=Counter(dict(kept["rang"])),
        answered=Counter(dict(kept["answered"])),
        waits=Counter(dict(kept["waits"])),
        rung=Counter({(is_staff, Outcome(outcome)): count for is_staff, outcome, count in kept["rung"]}),
        robots=Robots(kept_out, minutes, asked=asked, people_asked=people_asked),
    )


def service_level(day: Day) -> int | None:
    """Percent of queued callers who were answered in time, rounded down; None when there were none."""
    offered = day.figures["offered"]
    return 100 * day.figures["in_time"] // offered if offered else None


def waits(day: Day) -> dict[str, int]:
    """Counts the answered callers by group of wait."""
    found: Counter[int] = Counter()
    for wait, count in day.waits.items():
        found[next(bound for bound in WAITS if wait <= bound)] += count
    return {words: found[bound] for bound, words in WAITS.items()}


def median_wait(day: Day) -> int | None:
    """Returns the median wait of the answered callers, in seconds."""
    before_it = (day.waits.total() - 1) // 2
    for wait in sorted(day.waits):
        before_it -= day.waits[wait]
        if before_it < 0:
            return wait
    return None


def reached(rung: Mapping[tuple[bool, Outcome], int]) -> list[Reached]:
    """Returns a row for each outcome, also for those that did not happen."""
    return [Reached(one, rung.get((False, one), 0), rung.get((True, one), 0)) for one in Outcome]


def by_day(days: Mapping[date, Day]) -> list[Row]:
    """Returns a row for each day, including days without calls."""
    return [
        Row(f"{day:%b} {day.day}", one.figures["rang"], one.figures["answered"]) for day, one in days.items()
    ]


def by_hour(day: Day) -> dict[int, Row]:
    """Returns a row for each hour of the day, from the first to the last with a call, 7 to 15 at least."""
    hours = range(min({7, *day.rang}), max({15, *day.rang}) + 1)
    return {hour: Row(f"{hour:02}:00", day.rang[hour], day.answered[hour]) for hour in hours}
