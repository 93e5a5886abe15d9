"""The open hours that lack somebody: a technician, an operator, or a language that callers are promised. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import Calendar
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.shifts.rules import Span, joined, without

TECHNICIAN: Final = "technician"
OPERATOR: Final = "operator"
HALF_AN_HOUR: Final = timedelta(minutes=30)
#: The letter of the day before goes out at this hour of the company's clock.
LETTER_AT: Final = 15


class Person(NamedTuple):
    """Somebody with the time in which they can be rung. ``role`` is a ``staff.models.Role``."""

    role: str
    languages: frozenset[str]
    spans: Sequence[Span]


class Gap(NamedTuple):
    """Open time in which somebody is missing: a role, or the code of a language that no technician speaks then."""

    span: Span
    lacks: str


def coverage(open_: Iterable[Span], people: Iterable[Person], promised: Iterable[str]) -> list[Gap]:
    """Return where ``open_`` lacks a technician, an operator, or a technician for a promised language, in order.

    A language is missing only while there is a technician at all. Field technicians take no calls, so they count
    for nothing.
    """
    open_, people = list(open_), list(people)
    technicians = [one for one in people if one.role == TECHNICIAN]
    nobody = outside(open_, _together(technicians))
    found = [Gap(span, TECHNICIAN) for span in nobody]
    somebody = outside(open_, nobody)
    for language in promised:
        speaking = _together(one for one in technicians if language in one.languages)
        found += [Gap(span, language) for span in outside(somebody, speaking)]
    operators = _together(one for one in people if one.role == OPERATOR)
    found += [Gap(span, OPERATOR) for span in outside(open_, operators)]
    return sorted(found)


def open_spans(calendar: Calendar, first: datetime, until: datetime) -> list[Span]:
    """Return the open hours of that time, day by day, without what is closed by hand."""
    today, last = (hours_rules.local(calendar, at).date() for at in (first, until))
    days = (today + timedelta(days=n) for n in range((last - today).days + 1))
    found = [Span(*hours) for day in days if (hours := hours_rules.opening(calendar, day))]
    shut = [Span(one.from_at, one.until_at) for one in calendar.closures if one.from_at < one.until_at]
    return within(outside(found, joined(shut)), Span(first, until))


def outside(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """Return what is left of the spans outside all the others."""
    left = list(spans)
    for one in others:
        left = without(left, one)
    return left


def within(spans: Iterable[Span], frame: Span) -> list[Span]:
    """Return the parts of the spans that lie in the frame."""
    cut = (Span(max(one.starts_at, frame.starts_at), min(one.ends_at, frame.ends_at)) for one in spans)
    return [one for one in cut if one.starts_at < one.ends_at]


def opened(gaps: Iterable[Gap], known: Iterable[Gap], until: datetime) -> list[Gap]:
    """Return the parts of the gaps before ``until`` that were not known: a change has opened them."""
    known = list(known)
    return [
        Gap(part, gap.lacks)
        for gap in gaps
        for part in outside([gap.span], [one.span for one in known if one.lacks == gap.lacks])
        if part.starts_at < until
    ]


def to_tell_of(calendar: Calendar, gaps: Iterable[Gap], at: datetime) -> tuple[date, list[Gap]]:
    """Return the day of the latest letter that is due by now, and the gaps of the next open day after it.

    A letter is due each day at three; over a weekend each of them is about Monday.
    """
    there = hours_rules.local(calendar, at)
    due = there.date() if there.hour >= LETTER_AT else there.date() - timedelta(days=1)
    ahead = (due + timedelta(days=n) for n in range(1, 8 * 7))
    next_open = next((day for day in ahead if hours_rules.opening(calendar, day)), None)
    return due, [one for one in gaps if day_of(calendar, one.span) == next_open]


def day_of(calendar: Calendar, span: Span) -> date:
    """Return the day on the company's calendar on which it begins."""
    return hours_rules.local(calendar, span.starts_at).date()


def by_day(calendar: Calendar, gaps: Iterable[Gap]) -> Iterator[tuple[date, list[Gap]]]:
    """Yield the days that have gaps, each with them."""
    days: dict[date, list[Gap]] = {}
    for one in gaps:
        days.setdefault(day_of(calendar, one.span), []).append(one)
    yield from sorted(days.items())


def half_hours(spans: Iterable[Span]) -> int:
    """Return how many half hours of the clock the spans touch."""
    return len({number for one in spans for number in range(*_numbers(one))})


def next_half_hour(at: datetime) -> datetime:
    """Return the end of the half hour in which this moment is."""
    return at + HALF_AN_HOUR - timedelta(seconds=at.timestamp() % HALF_AN_HOUR.total_seconds())


def in_words(lacks: str) -> str:
    """Return what is missing.

    >>> in_words("operator"), in_words("es")
    ('no operator', 'no technician who speaks Spanish')
    """
    return f"no technician who speaks {LANGUAGES[lacks]}" if lacks in LANGUAGES else f"no {lacks}"


def _together(people: Iterable[Person]) -> list[Span]:
    return joined(span for one in people for span in one.spans)


def _numbers(span: Span) -> tuple[int, int]:
    """Return the first half hour that the span touches, and the one after the last, counted since 1970."""
    long = HALF_AN_HOUR.total_seconds()
    return int(span.starts_at.timestamp() // long), int(-(-span.ends_at.timestamp() // long))
