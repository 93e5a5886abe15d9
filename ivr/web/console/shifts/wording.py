"""Stretches of time in words, and as bars. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from ivr.company.hours.rules import Calendar, local
from ivr.company.shifts.coverage import within
from ivr.company.shifts.rules import Span

_HEIGHT: Final = 18
_EVERY: Final = 3  # hours


def clock(at: datetime, calendar: Calendar) -> str:
    """Return ``9:05 AM``."""
    return f"{local(calendar, at):%I:%M %p}".removeprefix("0")


def day(at: datetime, calendar: Calendar) -> str:
    """Return ``Mon, Nov 30``."""
    there = local(calendar, at)
    return f"{there:%a, %b} {there.day}"


def stretch(span: Span, calendar: Calendar) -> str:
    """Return ``Mon, Nov 30, 9:00 AM to 4:00 PM``, of whole days ``Mon, Nov 30 to Wed, Dec 2``."""
    starts, ends = (local(calendar, at) for at in span)
    first, last = day(span.starts_at, calendar), day(span.ends_at, calendar)
    if _is_midnight(starts) and _is_midnight(ends):
        last = day(span.ends_at - timedelta(hours=2), calendar)
        return first if first == last else f"{first} to {last}"
    if starts.date() == ends.date() or span.ends_at - span.starts_at < timedelta(hours=18):
        return f"{first}, {times(span, calendar)}"
    return f"{first}, {clock(span.starts_at, calendar)} to {last}, {clock(span.ends_at, calendar)}"


def times(span: Span, calendar: Calendar, frame: Span | None = None) -> str:
    """Return ``9:00 AM to 4:00 PM``. What goes beyond the frame, a day, says so."""
    starts, ends = (clock(at, calendar) for at in span)
    if frame is not None and span.starts_at <= frame.starts_at and span.ends_at >= frame.ends_at:
        return "all day"
    if frame is not None and span.starts_at < frame.starts_at:
        return f"until {ends}"
    if frame is not None and span.ends_at > frame.ends_at:
        ends = f"{ends} the next day"
    return f"{starts} to {ends}"


def bar(spans: Iterable[Span], frame: Span, kind: str) -> Markup:
    """Draw the spans over the frame. The words beside it say the same, so it is hidden from screen readers."""
    drawn = (
        Markup('<rect class="{}" x="{:.2f}%" y="2" width="{:.2f}%" height="{}" rx="3"/>').format(
            kind, _share(one.starts_at, frame), _share(one.ends_at, frame) - _share(one.starts_at, frame), 14
        )
        for one in within(spans, frame)
    )
    return _svg(drawn, _HEIGHT)


def axis(frame: Span, calendar: Calendar, now: datetime) -> Markup:
    """Draw the hours of the frame, and where it is now."""
    marks = []
    for n in range(int((frame.ends_at - frame.starts_at) / timedelta(hours=1)) + 1):
        at = frame.starts_at + timedelta(hours=n)
        there = local(calendar, at)
        if there.hour % _EVERY or at >= frame.ends_at:
            continue
        words = f"{there.hour % 12 or 12}{'a' if there.hour < 12 else 'p'}"
        odd = " odd" if there.hour % (2 * _EVERY) else ""
        marks.append(
            Markup('<text class="word{}" x="{:.2f}%" y="13">{}</text>').format(odd, _share(at, frame), words)
        )
    if frame.holds(now):
        marks.append(
            Markup('<rect class="now" x="{:.2f}%" y="0" width="2" height="18"/>').format(_share(now, frame))
        )
    return _svg(marks, _HEIGHT)


def _svg(drawn: Iterable[Markup] | Iterator[Markup], height: int) -> Markup:
    return Markup(
        '<svg class="bar" aria-hidden="true" focusable="false" width="100%" height="{}">{}</svg>'
    ).format(height, Markup("").join(drawn))


def _share(at: datetime, frame: Span) -> float:
    return 100 * ((at - frame.starts_at) / (frame.ends_at - frame.starts_at))


def _is_midnight(there: datetime) -> bool:
    return (there.hour, there.minute) == (0, 0)
