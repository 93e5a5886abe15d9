"""Who is on call when the office is closed: people in an order, who change at a time of the week or the day. Pure.

Turns change by the clock on the wall of the company's zone, so one may be an hour longer or shorter than the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from ivr.company.hours import zones
from ivr.company.shifts import rules as shifts_rules
from ivr.company.shifts.rules import Span
from ivr.core.errors import Refusal

MOST: Final = 30
#: A longer override is a typing error, or another order.
LONGEST_OVERRIDE: Final = timedelta(days=92)
_WEEK: Final = 7


class NobodyInOrderError(Refusal):
    message = "Add at least one technician to the order first."


class NotATechnicianError(Refusal):
    message = "Choose a technician on the team."


class TooManyInOrderError(Refusal):
    message = "At most 30 people take turns."


class BadOverrideError(Refusal):
    message = "The end must be after the start, and at most 92 days later."


class OverError(Refusal):
    message = "That turn is over."


class Turn(NamedTuple):
    """One person on call, by their id of staff."""

    span: Span
    staff_id: int


@dataclass(frozen=True)
class Rotation:
    """Who takes turns, from ``starts_on`` on; the first of ``order`` begins then, at the time of the change.

    ``weekday`` is the day on which the turn changes, Monday is 0; None: every day. ``overrides`` are in the order in
    which they were made, and a later one wins.
    """

    zone: str
    order: tuple[int, ...]
    weekday: int | None
    at: time
    starts_on: date
    overrides: tuple[Turn, ...] = ()


def on_call(rotation: Rotation, at: datetime) -> list[int]:
    """Return who is on call at that moment, then who comes next, and so on: ids of staff, nobody twice.

    Whoever has given this turn to somebody else is not among them.
    """
    number = _number(rotation, at)
    if number is None:
        return []
    count = len(rotation.order)
    in_turn = [rotation.order[(number + ahead) % count] for ahead in range(count)]
    instead = [one.staff_id for one in rotation.overrides if one.span.holds(at)][-1:]
    if instead and instead != in_turn[:1]:
        in_turn = in_turn[1:]
    return list(dict.fromkeys(instead + in_turn))


def turns(rotation: Rotation, first: datetime, until: datetime) -> list[Turn]:
    """Return the turns that overlap this time, whole and in order, with their overrides."""
    found = _by_order(rotation, first, until)
    for one in rotation.overrides:
        within = _parts(one.span, found)
        found = [
            Turn(part, turn.staff_id)
            for turn in found
            for part in shifts_rules.without([turn.span], one.span)
        ]
        found += [Turn(part, one.staff_id) for part in within]
    return [one for one in sorted(found) if one.span.ends_at > first and one.span.starts_at < until]


def turn_at(rotation: Rotation, at: datetime) -> Turn | None:
    """Return the turn of that moment; None before the first."""
    return next((one for one in turns(rotation, at, at + timedelta(seconds=1)) if one.span.holds(at)), None)


def next_turns(rotation: Rotation, at: datetime, many: int) -> list[Turn]:
    """Return so many turns of the order from the present one on; an override makes more of them."""
    number = max(_number(rotation, at) or 0, 0)
    if not rotation.order:
        return []
    return turns(rotation, max(at, _begins(rotation, number)), _begins(rotation, number + many))


def check_override(span: Span, now: datetime) -> None:
    """Raise BadOverrideError, OverError."""
    if not timedelta() < span.ends_at - span.starts_at <= LONGEST_OVERRIDE:
        raise BadOverrideError
    if span.ends_at <= now:
        raise OverError


def _by_order(rotation: Rotation, first: datetime, until: datetime) -> list[Turn]:
    if not rotation.order:
        return []
    found, number = [], _number(rotation, first) or 0
    while (begins := _begins(rotation, number)) < until:
        whose = rotation.order[number % len(rotation.order)]
        found.append(Turn(Span(begins, _begins(rotation, number + 1)), whose))
        number += 1
    return found


def _parts(span: Span, among: Iterable[Turn]) -> list[Span]:
    """Return where the span lies in turns: nobody is on call before the first."""
    cut = (
        Span(max(span.starts_at, one.span.starts_at), min(span.ends_at, one.span.ends_at)) for one in among
    )
    return shifts_rules.joined(one for one in cut if one.starts_at < one.ends_at)


def _number(rotation: Rotation, at: datetime) -> int | None:
    """Return which turn it is, from 0; None before the first, and where nobody takes turns."""
    if not rotation.order:
        return None
    day = zones.wall_clock(rotation.zone, at).date()
    if at < zones.moment(rotation.zone, datetime.combine(day, rotation.at)):
        day -= timedelta(days=1)
    if day < rotation.starts_on:
        return None
    if rotation.weekday is None:
        return (day - rotation.starts_on).days
    change = _first_change(rotation)
    return 0 if day < change else 1 + (day - change).days // _WEEK


def _begins(rotation: Rotation, number: int) -> datetime:
    if rotation.weekday is None or number == 0:
        day = rotation.starts_on + timedelta(days=number)
    else:
        day = _first_change(rotation) + timedelta(days=_WEEK * (number - 1))
    return zones.moment(rotation.zone, datetime.combine(day, rotation.at))


def _first_change(rotation: Rotation) -> date:
    """Return the first day after ``starts_on`` on which the turn changes; the first turn may be a short one."""
    weekday = rotation.weekday or 0
    return rotation.starts_on + timedelta(days=(weekday - rotation.starts_on.weekday() - 1) % _WEEK + 1)
