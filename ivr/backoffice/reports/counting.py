"""The counts of days: stored ones as they are stored, the others counted from their calls."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from threading import Lock
from typing import Final, TypeVar

from ivr.backoffice.reports import day, people, queries, robots, sales, stored_days
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.rules import FIGURES, Fact, Group, Rung
from ivr.company.hours.rules import Calendar

T = TypeVar("T", Fact, Rung)

_NOTHING: Final = Day()
#: Whoever counts a day has all its callers in memory. Sixteen at once took 190 MB at ten thousand calls a day.
_ONE_COUNTS: Final = Lock()


def days(calendar: Calendar, first: date, last: date, *parts: str) -> dict[date, Day]:
    """Returns a row for each of these days, both included. ``parts``: no more of each is needed (``day.as_json``)."""
    stored = stored_days.found(calendar, first, last, *parts)
    for one, other in _uncounted(calendar, first, last, stored):
        with _ONE_COUNTS:
            stored |= _counted(calendar, one, other)[0]
    return {one: stored.get(one, _NOTHING) for one in _each(first, last)}


def sums(calendar: Calendar, first: date, last: date, *more: str) -> Day:
    """Returns these days together, as others are compared with them: figures, sales, and these parts besides."""
    return day.total(days(calendar, first, last, day.FIGURES_OF, day.SALES_OF, *more).values())


def counted(calendar: Calendar, of: date) -> tuple[Day, dict[str, list[int]]]:
    """Returns what a day comes to, counted from its calls; and the latest intakes of each figure."""
    found, facts = _counted(calendar, of, of)
    return found[of], day.latest(facts)


def behind(
    calendar: Calendar, first: date, last: date, figure: str, *, most: int, group: Group | None = None
) -> tuple[int, list[Fact]]:
    """Returns how many callers, of a group, this figure counts on these days, and the latest of them, the latest first.

    ``figure``: where a group is given, one of ``day.OF_GROUPS``.
    """
    part = day.GROUPS_OF if group else day.FIGURES_OF
    stored = stored_days.found(calendar, first, last, part)
    holds = FIGURES[figure].holds
    fresh: list[Fact] = []
    for one, other in _uncounted(calendar, first, last, stored):
        with _ONE_COUNTS:
            fresh += (
                fact
                for fact in queries.facts(calendar, one, other)
                if holds(fact) and (group is None or group in fact.groups)
            )
    counts = {of: day.count(one, figure, group) for of, one in stored.items()}
    ids = stored_days.latest(calendar, _since(counts, last, most), last, day.key(figure, group))
    found = [*fresh, *queries.facts_of(calendar, sorted(ids, reverse=True)[:most])]
    count = len(fresh) + sum(counts.values())
    return count, sorted(found, key=lambda fact: -fact.id)[:most]


def _since(counts: dict[date, int], last: date, most: int) -> date:
    """Returns the day since when there are so many callers, or the first that is counted."""
    for one in sorted(counts, reverse=True):
        last, most = one, most - counts[one]
        if most <= 0:
            break
    return last


def _counted(calendar: Calendar, first: date, last: date) -> tuple[dict[date, Day], Sequence[Fact]]:
    facts = queries.facts(calendar, first, last)
    rung, silent = queries.rung(calendar, first, last), robots.by_day(calendar, first, last)
    callers, phones = _by_day(facts), _by_day(rung)
    found = {}
    for one in _each(first, last):
        sold = sales.of_day(calendar, one)
        staff = people.of_day(calendar, one, sold)
        found[one] = day.counted(callers[one], phones[one], silent[one], staff, sales.total(sold.values()))
    return found, facts


def _by_day(rows: Iterable[T]) -> defaultdict[date, list[T]]:
    found = defaultdict(list)
    for one in rows:
        found[one.day].append(one)
    return found


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _uncounted(
    calendar: Calendar, first: date, last: date, stored: Container[date]
) -> Iterator[tuple[date, date]]:
    """Yields the stretches of these days that are not stored. Before the first call, and to come, there is nothing."""
    known = stored_days.known(calendar)
    if known:
        yield from gaps(max(first, known[0]), min(last, known[1]), stored)


def gaps(first: date, last: date, stored: Container[date]) -> Iterator[tuple[date, date]]:
    """Yields the first and the last day of each stretch, of these days, that is not stored."""
    for is_stored, stretch in groupby(_each(first, last), key=stored.__contains__):
        if not is_stored:
            one, *others = stretch
            yield one, (others or [one])[-1]
