"""The forms of shifts, and what was typed into them. Pure: moments are UTC, times are of the clock in a zone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from ivr.company.hours import zones
from ivr.company.hours.outlook import DAYS
from ivr.company.shifts import rules as shifts_rules
from ivr.company.shifts.rules import OverlapError, Span, WeeklyHours
from ivr.core.errors import Refusal

NOT_A_TIME: Final = "Enter a time, such as 07:00."
BOTH: Final = "Enter both times, the start and the end."
NOT_A_DATE: Final = "Enter a date, such as 2026-12-24."
MOST_IN_A_DAY: Final = 8
_DAY: Final = timedelta(days=1)


class BadFieldsError(Refusal):
    """Some fields are invalid. ``errors`` gives the reason by field."""

    message = "Some fields can't be saved as typed. Check what is marked below."

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class Row(NamedTuple):
    """One shift of a day, as typed: HH:MM, or empty."""

    starts: str = ""
    ends: str = ""

    @property
    def is_overnight(self) -> bool:
        return bool(self.starts and self.ends) and self.ends <= self.starts


Rows = dict[int, list[Row]]


def rows_of(week: Iterable[WeeklyHours]) -> Rows:
    """Return a week as the form shows it: each day has at least one row."""
    found: Rows = {day: [] for day in range(7)}
    for one in week:
        found[one.weekday].append(Row(f"{one.starts:%H:%M}", f"{one.ends:%H:%M}"))
    return {day: rows or [Row()] for day, rows in found.items()}


def typed_rows(form: Mapping[str, str]) -> Rows:
    """Return the rows as they were typed."""
    return {
        day: [
            Row(*(form.get(f"{name}_{day}_{n}", "").strip()[:8] for name in Row._fields))
            for n in range(MOST_IN_A_DAY)
            if f"starts_{day}_{n}" in form
        ]
        or [Row()]
        for day in range(7)
    }


def changed_rows(rows: Rows, press: str) -> Rows:
    """Return the rows after a button: ``add_3``, ``remove_3_0``, or ``copy``, which gives Monday to all weekdays."""
    name, _, rest = press.partition("_")
    numbers = [int(one) for one in rest.split("_") if one.isdecimal() and len(one) < 3]
    if name == "copy":
        return rows | {day: list(rows[0]) for day in range(5)}
    if name == "add" and numbers and numbers[0] in rows and len(rows[numbers[0]]) < MOST_IN_A_DAY:
        return rows | {numbers[0]: [*rows[numbers[0]], Row()]}
    if name == "remove" and len(numbers) == 2 and numbers[0] in rows:
        day, n = numbers
        return rows | {day: [row for at, row in enumerate(rows[day]) if at != n] or [Row()]}
    return rows


def read_week(rows: Rows) -> list[WeeklyHours]:
    """Return the week; an empty row is none. Raises BadFieldsError, and what ``check_week`` raises."""
    errors: dict[str, str] = {}
    week: list[WeeklyHours] = []
    for day, n, row in ((day, n, row) for day, of_day in rows.items() for n, row in enumerate(of_day)):
        field = f"starts_{day}_{n}"
        if not (hours := _hours(row.starts, row.ends, field, errors)):
            continue
        one = WeeklyHours(day, *hours)
        try:
            shifts_rules.check_week([*week, one])
        except OverlapError:
            errors[field] = (
                "This shift overlaps another one. Make them one, or end the first where this begins."
            )
        else:
            week.append(one)
    if errors:
        raise BadFieldsError(errors)
    return week


def label(field: str) -> str:
    """Return a field in words, for the list of errors."""
    name, _, rest = field.partition("_")
    if name == "starts" and rest:
        day, _, n = rest.partition("_")
        return f"{DAYS[int(day)]}, shift {int(n) + 1}"
    return {
        "zone": "Time zone",
        "first": "First day",
        "last": "Last day",
        "from": "Hours",
        "reason": "Reason",
        "shift": "Shift",
        "part": "Part of it",
        "taker": "Colleague",
    }.get(field, field)


def read_stretch(form: Mapping[str, str], zone: str, *, is_on: bool = False) -> Span:
    """Return the time from ``first`` to ``last``, both included, or the hours ``from`` and ``to`` of ``first``.

    An extra shift (``is_on``) has hours. Raises BadFieldsError.
    """
    errors: dict[str, str] = {}
    first = _date(form.get("first", ""), "first", errors)
    last = _date(form.get("last", ""), "last", errors) if form.get("last", "").strip() else first
    hours = _hours(form.get("from", "").strip(), form.get("to", "").strip(), "from", errors)
    if first and last and last < first:
        errors["last"] = "The last day is before the first."
    if hours and last != first:
        errors["last"] = "Hours are of one day. Leave the last day empty, or the hours."
    if is_on and not hours and "from" not in errors:
        errors["from"] = "An extra shift has hours: when does it begin, and when does it end?"
    if errors or first is None or last is None:
        raise BadFieldsError(errors)
    if hours:
        return _between(zone, first, *hours)
    return Span(_moment(zone, first, time()), _moment(zone, last + _DAY, time()))


def read_part(form: Mapping[str, str], zone: str, shifts: Sequence[Span]) -> Span:
    """Return the chosen shift, or the hours ``from`` and ``to`` within it. Raises BadFieldsError."""
    chosen = next((one for one in shifts if one.starts_at.isoformat() == form.get("shift", "")), None)
    if chosen is None:
        raise BadFieldsError({"shift": "Choose a shift. It may have changed since the page was made."})
    errors: dict[str, str] = {}
    hours = _hours(form.get("from", "").strip(), form.get("to", "").strip(), "part", errors)
    if errors:
        raise BadFieldsError(errors)
    if hours is None:
        return chosen
    day = zones.wall_clock(zone, chosen.starts_at).date()
    parts = (
        _between(zone, day + n * _DAY, *hours) for n in range((chosen.ends_at - chosen.starts_at).days + 2)
    )
    found = next(
        (one for one in parts if chosen.starts_at <= one.starts_at and one.ends_at <= chosen.ends_at), None
    )
    if found is None:
        raise BadFieldsError({"part": "These hours are not within the shift."})
    return found


def _between(zone: str, day: date, starts: time, ends: time) -> Span:
    last = day if ends > starts else day + _DAY
    return Span(_moment(zone, day, starts), _moment(zone, last, ends))


def _moment(zone: str, day: date, at: time) -> datetime:
    return zones.moment(zone, datetime.combine(day, at))


def _date(text: str, field: str, errors: dict[str, str]) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        errors[field] = NOT_A_DATE
        return None
    if not 2020 <= found.year <= 2100:
        errors[field] = NOT_A_DATE
        return None
    return found


def _hours(starts: str, ends: str, field: str, errors: dict[str, str]) -> tuple[time, time] | None:
    if not starts and not ends:
        return None
    if not starts or not ends:
        errors[field] = BOTH
        return None
    try:
        first, last = (
            time.fromisoformat(one).replace(tzinfo=None, second=0, microsecond=0) for one in (starts, ends)
        )
    except ValueError:
        errors[field] = NOT_A_TIME
        return None
    return first, last
