"""The filters of Liquid that templates of a flow may use: strings, whole numbers, and the date.

Each takes the present moment, in the zone that Studio keeps, then the value, then its arguments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

#: What Twilio says that ``date`` understands (Twilio support, How do I use Liquid with Twilio Studio).
DIRECTIVES: Final = "aAbBcdeHIjmMpSUWwxXyYZ%"


def text(value: Any) -> str:
    """As it is written into a template."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def number(value: Any) -> int | float:
    """0 for what is no number."""
    if isinstance(value, int | float):
        return value
    try:
        return int(text(value))
    except ValueError:
        try:
            return float(text(value))
        except ValueError:
            return 0


def stray_directive(form: str) -> str | None:
    """The first thing in a date's format that Twilio does not name, such as %s."""
    rest = form
    while "%" in rest:
        _, _, rest = rest.partition("%")
        if rest[:1] not in DIRECTIVES or not rest:
            return f"%{rest[:1]}"
        rest = rest[1:]
    return None


def _date(now: datetime, value: Any, form: Any) -> Any:
    """A value that is no date stays as it is, as in all Liquid."""
    moment = _moment(now, value)
    if moment is None:
        return value
    return moment.strftime(text(form).replace("%e", f"{moment.day:2d}"))


def _moment(now: datetime, value: Any) -> datetime | None:
    if value in ("now", "today"):
        return now
    try:
        if isinstance(value, int | float) or text(value).isdecimal():
            return datetime.fromtimestamp(number(value), now.tzinfo)
        moment = datetime.fromisoformat(text(value))
    except (ValueError, OverflowError, OSError):
        return None
    return moment.astimezone(now.tzinfo) if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def _divided(_: datetime, value: Any, by: Any) -> Any:
    divisor = number(by)
    if not divisor:
        return "Liquid error: divided by 0"
    quotient = number(value) / divisor
    return (
        quotient
        if isinstance(number(value), float) or isinstance(divisor, float)
        else number(value) // divisor
    )


@dataclass(frozen=True)
class Filter:
    """``takes`` arguments after the value."""

    takes: int
    apply: Callable[..., Any]


FILTERS: Final = {
    "append": Filter(1, lambda _, value, more: text(value) + text(more)),
    "date": Filter(1, _date),
    "default": Filter(1, lambda _, value, other: other if value in (None, "", False) else value),
    "divided_by": Filter(1, _divided),
    "downcase": Filter(0, lambda _, value: text(value).lower()),
    "minus": Filter(1, lambda _, value, less: number(value) - number(less)),
    "modulo": Filter(1, lambda _, value, by: number(value) % (number(by) or 1)),
    "plus": Filter(1, lambda _, value, more: number(value) + number(more)),
    "prepend": Filter(1, lambda _, value, before: text(before) + text(value)),
    "remove": Filter(1, lambda _, value, part: text(value).replace(text(part), "")),
    "replace": Filter(2, lambda _, value, old, new: text(value).replace(text(old), text(new))),
    "size": Filter(0, lambda _, value: len(value) if isinstance(value, str | list | dict) else 0),
    "strip": Filter(0, lambda _, value: text(value).strip()),
    "times": Filter(1, lambda _, value, by: number(value) * number(by)),
    "upcase": Filter(0, lambda _, value: text(value).upper()),
}
