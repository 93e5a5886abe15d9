"""The tables by person, by kind and by language: each figure beside that of the period before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ivr.backoffice.reports import day
from ivr.backoffice.reports.comparison import Compared, Unit
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.people import Person
from ivr.backoffice.reports.rules import FIGURES, Group


@dataclass(frozen=True)
class Column:
    """A figure of a person: its name in ``Person``, its heading on the page, and in a file.

    ``opens``: the calls behind it can be looked at.
    """

    name: str
    heading: str
    in_file: str
    unit: Unit = Unit.COUNT
    opens: bool = True


OF_PEOPLE: Final = (
    Column("offered", "Calls offered", "Calls offered"),
    Column("taken", "Taken", "Calls taken"),
    Column("talk_seconds", "Talked", "Seconds talked", Unit.SPAN, opens=False),
    Column("average_answer", "Average to answer", "Average seconds to answer", Unit.SECONDS, opens=False),
    Column("estimates", "Estimates sent", "Estimates sent"),
    Column("paid_cents", "Paid", "Paid", Unit.CENTS),
)


def people(now: Day, before: Day) -> dict[int, Sequence[Compared]]:
    """Return a figure for each column, by the id of everybody who did anything in either period."""
    is_compared = _has_anything(before)

    def row(staff_id: int) -> list[Compared]:
        theirs, earlier = (one.people.get(staff_id, Person()) for one in (now, before))
        return [
            Compared(
                *(one.heading, "", one.unit),
                _of_person(theirs, one.name),
                _of_person(earlier, one.name) if is_compared else None,
            )
            for one in OF_PEOPLE
        ]

    return {staff_id: row(staff_id) for staff_id in now.people.keys() | before.people.keys()}


def groups(now: Day, before: Day, what: str) -> list[tuple[Group, Sequence[Compared]]]:
    """Return the groups of one kind that called in either period, the largest first.

    Each comes with its figures, in the order of ``day.OF_GROUPS``.
    """
    is_compared = _has_anything(before)
    there = {group for one in (now, before) for group, _ in one.groups if group.what == what}

    def row(group: Group) -> list[Compared]:
        return [
            Compared(
                *(FIGURES[name].label, "", Unit.COUNT),
                now.groups[group, name],
                before.groups[group, name] if is_compared else None,
            )
            for name in day.OF_GROUPS
        ]

    return [
        (group, row(group)) for group in sorted(there, key=lambda one: (-now.groups[one, "rang"], one.value))
    ]


def _has_anything(before: Day) -> bool:
    """Whether there was a period before: nothing is compared with days before the first call."""
    return bool(before or before.people)


def _of_person(one: Person, name: str) -> int | None:
    if name == "talk_seconds" and not one.taken:
        return None
    value: int | None = getattr(one, name)
    return value
