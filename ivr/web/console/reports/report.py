"""What the page of reports shows, and its file with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ivr.backoffice.follow_ups import queries as follow_ups_queries
from ivr.backoffice.follow_ups.queries import Figures
from ivr.backoffice.reports import comparison, counting, day, tables
from ivr.backoffice.reports.comparison import Compared
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.rules import KIND, LANGUAGE, Group
from ivr.company.hours.rules import Calendar, midnight
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
    #: Everybody who did anything on these days or before, by name: id, name, and a figure for each column.
    people: Sequence[tuple[int, str, Sequence[Compared]]]
    #: By what callers have in common: each group, its words, and its figures.
    groups: Mapping[str, Sequence[tuple[Group, str, Sequence[Compared]]]]
    days: Mapping[date, Day]
    followed: Figures

    @property
    def is_empty(self) -> bool:
        return not (self.total or self.total.people)


def made(calendar: Calendar, stretch: Stretch) -> Report:
    """Return the report of these days."""
    days = counting.days(calendar, stretch.first, stretch.last)
    before = counting.sums(calendar, stretch.before.first, stretch.before.last, day.GROUPS_OF, day.PEOPLE_OF)
    total = day.total(days.values())
    did = tables.people(total, before)
    people = [(one.id, one.name, did[one.id]) for one in roster.everyone() if one.id in did]
    groups = {
        what: [
            (group, words.get(group.value, group.value), figures)
            for group, figures in tables.groups(total, before, what)
        ]
        for what, (_, words) in GROUPS.items()
    }
    since = midnight(calendar, stretch.first)
    until = midnight(calendar, stretch.last + timedelta(days=1))
    followed = follow_ups_queries.figures(since, until)
    return Report(stretch, total, comparison.compared(total, before), people, groups, days, followed)
