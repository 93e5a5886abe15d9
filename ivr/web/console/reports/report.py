"""What the page of reports shows, and its file with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ivr.backoffice.follow_ups import queries as follow_ups_queries
from ivr.backoffice.follow_ups.queries import Figures
from ivr.backoffice.reports import comparison, counting, day
from ivr.backoffice.reports import queries as reports_queries
from ivr.backoffice.reports.comparison import Compared
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.people import Person
from ivr.backoffice.reports.rules import KIND, LANGUAGE, Group
from ivr.company.hours.rules import Calendar
from ivr.company.staff import roster
from ivr.web.console.common.words import KINDS, LANGUAGES
from ivr.web.console.reports.stretch import Stretch

#: What callers have in common: the heading, and the words for each value.
GROUPS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    KIND: ("By kind", {**KINDS, "": "Not said"}),
    LANGUAGE: ("By language", LANGUAGES),
}


@dataclass(frozen=True)
class Report:
    """The days together, the days before them, and the days one by one."""

    stretch: Stretch
    total: Day
    compared: Mapping[str, Compared]
    #: Everybody who did anything, by name: id, name, figures.
    people: Sequence[tuple[int, str, Person]]
    days: Mapping[date, Day]
    followed: Figures

    @property
    def is_empty(self) -> bool:
        return not (self.total or self.total.people)

    def groups(self, what: str) -> list[tuple[Group, str, list[int]]]:
        """Returns the groups of one kind that anybody called from: each with its words and the figures of a group."""
        words = GROUPS[what][1]
        there = {group for group, _ in self.total.groups if group.what == what}
        counts = self.total.groups
        return [
            (group, words.get(group.value, group.value), [counts[group, name] for name in day.OF_GROUPS])
            for group in sorted(there, key=lambda one: (-counts[one, "rang"], one.value))
        ]


def made(calendar: Calendar, stretch: Stretch) -> Report:
    """Returns the report of these days."""
    days = counting.days(calendar, stretch.first, stretch.last)
    before = counting.sums(calendar, stretch.before.first, stretch.before.last)
    total = day.total(days.values())
    people = [(one.id, one.name, total.people[one.id]) for one in roster.everyone() if one.id in total.people]
    since = reports_queries.midnight(calendar, stretch.first)
    until = reports_queries.midnight(calendar, stretch.last + timedelta(days=1))
    followed = follow_ups_queries.figures(since, until)
    return Report(stretch, total, comparison.compared(total, before), people, days, followed)


def talked(seconds: int) -> str:
    """Returns a long span in words.

    >>> talked(40), talked(840), talked(7500)
    ('1 min', '14 min', '2 h 5 min')
    """
    hours, minutes = divmod(-(-seconds // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
