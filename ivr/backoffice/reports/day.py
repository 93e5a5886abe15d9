"""What is counted of the callers of a day, and what several days make together. Pure."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Final

from ivr.backoffice.reports import people, sales
from ivr.backoffice.reports.people import Person
from ivr.backoffice.reports.robots import Robots
from ivr.backoffice.reports.rules import FIGURES, WAITS, Fact, Group, Reached, Row
from ivr.backoffice.reports.sales import Sales
from ivr.callcenter.calls.outcomes import Outcome

#: The figures that are told by kind and by language.
OF_GROUPS: Final = ("rang", "answered", "handed_over", "quoted", "paid")
#: Longer than any page that lists the latest of a figure.
_LATEST: Final = 200


@dataclass(frozen=True)
class Day:
    """The counts of one day, or of several.

    ``figures`` by name; ``rang`` and ``answered`` by hour of the day; ``waits``: the answered callers by their wait in
    seconds; ``rung``: telephones by whether they are staff's, and outcome; ``groups``: the figures of ``OF_GROUPS``
    by group; ``people`` by the id of the member of staff.
    """

    figures: Counter[str] = field(default_factory=Counter)
    rang: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    rung: Counter[tuple[bool, Outcome]] = field(default_factory=Counter)
    robots: Robots = field(default_factory=Robots)
    groups: Counter[tuple[Group, str]] = field(default_factory=Counter)
    people: Mapping[int, Person] = field(default_factory=dict)
    sales: Sales = field(default_factory=Sales)

    def __bool__(self) -> bool:
        """Whether anybody called, or anything was sold."""
        return self.figures["rang"] > 0 or any(self.sales)


def counted(
    facts: Iterable[Fact],
    rung: Counter[tuple[bool, Outcome]],
    robots: Robots,
    people: Mapping[int, Person] | None = None,
    sales: Sales | None = None,
) -> tuple[Day, dict[str, list[int]]]:
    """Return what these callers come to, what staff did for them, and what was sold; and the latest of the callers.

    ``facts``, the oldest first, are read once and none is kept: ten thousand may call in a day. The latest are the ids
    of intakes by ``key``, the latest first.
    """
    day = Day(
        Counter(dict.fromkeys(FIGURES, 0)),
        rung=rung,
        robots=robots,
        people=people or {},
        sales=sales or Sales(),
    )
    latest: defaultdict[str, deque[int]] = defaultdict(partial(deque, maxlen=_LATEST))
    for one in facts:
        day.rang[one.hour] += 1
        if one.wait is not None:
            day.answered[one.hour] += 1
            day.waits[one.wait] += 1
        for name in (name for name, figure in FIGURES.items() if figure.holds(one)):
            day.figures[name] += 1
            latest[name].append(one.id)
            for group in one.groups if name in OF_GROUPS else ():
                day.groups[group, name] += 1
                latest[key(name, group)].append(one.id)
    return day, {of: [*reversed(ids)] for of, ids in latest.items()}


def key(figure: str, group: Group | None) -> str:
    """Return the name under which the latest of this figure of this group, or of everybody, are listed."""
    return figure if group is None else f"{figure}:{group.what}:{group.value}"


def total(days: Iterable[Day]) -> Day:
    """Return the days together."""
    every, whole, robots = list(days), Day(), Robots()
    for one in every:
        whole.figures.update(one.figures)
        whole.rang.update(one.rang)
        whole.answered.update(one.answered)
        whole.waits.update(one.waits)
        whole.rung.update(one.rung)
        whole.groups.update(one.groups)
        robots += one.robots
    return replace(
        whole,
        robots=robots,
        people=people.total(one.people for one in every),
        sales=sales.total(one.sales for one in every),
    )


def count(day: Day, figure: str, group: Group | None) -> int:
    """Return how many callers of that group the figure counts; None: of all."""
    return day.figures[figure] if group is None else day.groups[group, figure]


#: What a stored day is made of: who needs some of it reads no more.
FIGURES_OF: Final = "figures"
GROUPS_OF: Final = "groups"
PEOPLE_OF: Final = "people"
SALES_OF: Final = "sales"
ROBOTS_OF: Final = "robots"
_HOURS: Final = ("rang", "answered", "waits")


def as_json(day: Day) -> dict[str, Any]:
    """Return it for the database. Long lists are flat: a report of a year reads hundreds of days."""
    return {
        FIGURES_OF: dict(day.figures),
        **{name: _flat(getattr(day, name).items()) for name in _HOURS},
        "rung": [[is_staff, outcome, count] for (is_staff, outcome), count in day.rung.items()],
        ROBOTS_OF: [day.robots.kept_out, day.robots.minutes, day.robots.asked, day.robots.people_asked],
        GROUPS_OF: _flat((*group, figure, count) for (group, figure), count in day.groups.items()),
        PEOPLE_OF: _flat((staff_id, *one) for staff_id, one in day.people.items()),
        SALES_OF: list(day.sales),
    }


def from_json(kept: Mapping[str, Any]) -> Day:
    """Return the day that ``as_json`` was given, without the parts that are not there."""
    kept_out, minutes, asked, people_asked = kept.get(ROBOTS_OF, (0, 0, 0, 0))
    groups, people = kept.get(GROUPS_OF, ()), kept.get(PEOPLE_OF, ())
    rang, answered, waits = (
        Counter(dict(zip(flat[::2], flat[1::2], strict=True)))
        for flat in (kept.get(name, ()) for name in _HOURS)
    )
    return Day(
        Counter(kept.get(FIGURES_OF, {})),
        rang,
        answered,
        waits,
        Counter({(is_staff, Outcome(outcome)): count for is_staff, outcome, count in kept.get("rung", ())}),
        Robots(kept_out, minutes, asked=asked, people_asked=people_asked),
        Counter({(Group(what, value), name): count for what, value, name, count in _rows(groups, 4)}),
        {staff_id: Person(*one) for staff_id, *one in _rows(people, 1 + len(Person._fields))},
        Sales(*kept.get(SALES_OF, ())),
    )


def _flat(rows: Iterable[Iterable[Any]]) -> list[Any]:
    return [one for row in rows for one in row]


def _rows(flat: Sequence[Any], length: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that were laid flat, each so long."""
    return zip(*[iter(flat)] * length, strict=True)


def service_level(day: Day) -> int | None:
    """Percent of queued callers who were answered in time, rounded down; None when there were none."""
    return share(day.figures["in_time"], day.figures["offered"])


def share(part: int, whole: int) -> int | None:
    """Return the percent, rounded down; None of nothing."""
    return 100 * part // whole if whole else None


def waits(day: Day) -> dict[str, int]:
    """Count the answered callers by group of wait."""
    found: Counter[int] = Counter()
    for wait, count in day.waits.items():
        found[next(bound for bound in WAITS if wait <= bound)] += count
    return {words: found[bound] for bound, words in WAITS.items()}


def median_wait(day: Day) -> int | None:
    """Return the median wait of the answered callers, in seconds."""
    before_it = (day.waits.total() - 1) // 2
    for wait in sorted(day.waits):
        before_it -= day.waits[wait]
        if before_it < 0:
            return wait
    return None


def reached(rung: Mapping[tuple[bool, Outcome], int]) -> list[Reached]:
    """Return a row for each outcome, also for those that did not happen."""
    return [Reached(one, rung.get((False, one), 0), rung.get((True, one), 0)) for one in Outcome]


def by_day(days: Mapping[date, Day]) -> list[Row]:
    """Return a row for each day, including days without calls."""
    return [
        Row(f"{day:%b} {day.day}", one.figures["rang"], one.figures["answered"]) for day, one in days.items()
    ]


def by_hour(day: Day) -> dict[int, Row]:
    """Return a row for each hour of the day, from the first to the last with a call, 7 to 15 at least."""
    hours = range(min({7, *day.rang}), max({15, *day.rang}) + 1)
    return {hour: Row(hour_words(hour), day.rang[hour], day.answered[hour]) for hour in hours}


def hour_words(hour: int) -> str:
    """Return the hour as people say it.

    >>> hour_words(0), hour_words(9), hour_words(12), hour_words(15)
    ('12 AM', '9 AM', '12 PM', '3 PM')
    """
    return f"{hour % 12 or 12} {'AM' if hour < 12 else 'PM'}"
