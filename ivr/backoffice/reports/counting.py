"""The counts of days: stored ones as they are stored, the others counted from their calls."""

from collections import deque
from collections.abc import Container, Iterator
from datetime import date, timedelta
from typing import Final

from ivr.backoffice.reports import day, people, queries, robots, sales, stored_days
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.rules import FIGURES, Fact, Group
from ivr.company.hours.rules import Calendar

_NOTHING: Final = Day()


def days(calendar: Calendar, first: date, last: date, *parts: str) -> dict[date, Day]:
    """Return a row for each of these days, both included. ``parts``: no more of each is needed (``day.as_json``)."""
    stored = stored_days.found(calendar, first, last, *parts)
    stored |= {one: counted(calendar, one)[0] for one in _uncounted(calendar, first, last, stored)}
    return {one: stored.get(one, _NOTHING) for one in _each(first, last)}


def sums(calendar: Calendar, first: date, last: date, *more: str) -> Day:
    """Return these days together, as others are compared with them: figures, sales, and these parts besides."""
    return day.total(days(calendar, first, last, day.FIGURES_OF, day.SALES_OF, *more).values())


def counted(calendar: Calendar, of: date) -> tuple[Day, dict[str, list[int]]]:
    """Return what a day comes to, counted from its calls; and the latest intakes of each figure."""
    sold = sales.of_day(calendar, of)
    return day.counted(
        queries.facts(calendar, of),
        queries.rung(calendar, of),
        robots.of_day(calendar, of),
        people.of_day(calendar, of, sold),
        sales.total(sold.values()),
    )


def behind(
    calendar: Calendar, first: date, last: date, figure: str, *, most: int, group: Group | None = None
) -> tuple[int, list[Fact]]:
    """Return how many callers, of a group, this figure counts on these days, and the latest of them, the latest first.

    ``figure``: where a group is given, one of ``day.OF_GROUPS``.
    """
    part = day.GROUPS_OF if group else day.FIGURES_OF
    stored = stored_days.found(calendar, first, last, part)
    holds = FIGURES[figure].holds
    count, fresh = 0, deque[Fact](maxlen=most)
    for one in _uncounted(calendar, first, last, stored):
        for fact in queries.facts(calendar, one):
            if holds(fact) and (group is None or group in fact.groups):
                count += 1
                fresh.append(fact)
    counts = {of: day.count(one, figure, group) for of, one in stored.items()}
    ids = stored_days.latest(calendar, _since(counts, last, most), last, day.key(figure, group))
    found = [*fresh, *queries.facts_of(calendar, sorted(ids, reverse=True)[:most])]
    return count + sum(counts.values()), sorted(found, key=lambda fact: -fact.id)[:most]


def _since(counts: dict[date, int], last: date, most: int) -> date:
    """Return the day since when there are so many callers, or the first that is counted."""
    for one in sorted(counts, reverse=True):
        last, most = one, most - counts[one]
        if most <= 0:
            break
    return last


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _uncounted(calendar: Calendar, first: date, last: date, stored: Container[date]) -> Iterator[date]:
    """Yield those of these days that are not stored. Before the first call, and to come, there is nothing."""
    known = stored_days.known(calendar)
    if known:
        yield from (one for one in _each(max(first, known[0]), min(last, known[1])) if one not in stored)
