"""Each figure of a period beside that of the period before, as pages, files and letters write them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ivr.backoffice.reports import day
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.rules import FIGURES, SERVICE_SECONDS
from ivr.core.money import format_cents


class Unit(StrEnum):
    """What a figure counts."""

    COUNT = "count"
    CENTS = "cents"
    PERCENT = "percent"
    #: Of one wait.
    SECONDS = "seconds"
    #: A long time in all, in seconds.
    SPAN = "span"


@dataclass(frozen=True)
class Compared:
    """A figure now and before; None where there is none, such as the average of nothing."""

    label: str
    means: str
    unit: Unit
    now: int | None
    before: int | None

    @property
    def shown(self) -> str:
        """The figure now."""
        return _shown(self.now, self.unit)

    @property
    def shown_before(self) -> str:
        """The figure before."""
        return _shown(self.before, self.unit)

    @property
    def in_file(self) -> tuple[str, str, str]:
        """The figure now, before, and its change, for a spreadsheet: numbers without marks, spans in seconds."""
        before = "" if self.before is None else _bare(self.before, self.unit)
        return _bare(self.now, self.unit), before, self.change

    @property
    def arrow(self) -> str:
        """Which way it went: for those who see it, beside ``change``."""
        if self.now is None or self.before is None or self.now == self.before:
            return ""
        return "▲" if self.now > self.before else "▼"

    @property
    def difference(self) -> str:
        """By how much it changed, without a sign: ``5``, ``$700``. Empty as ``arrow`` is."""
        if self.now is None or self.before is None or self.now == self.before:
            return ""
        return _shown(abs(self.now - self.before), self.unit)

    @property
    def in_words(self) -> str:
        """What arrow and difference say, for those who hear it: ``up 5 from 3``. Empty as they are."""
        if not self.arrow:
            return ""
        way = "up" if self.arrow == "▲" else "down"
        return f"{way} {self.difference} from {self.shown_before}"

    @property
    def change(self) -> str:
        """How it changed, in words: ``up 12%``. Empty where it did not, or where there is nothing to compare with."""
        if self.now is None or self.before is None or self.now == self.before:
            return ""
        way, by = "up" if self.now > self.before else "down", abs(self.now - self.before)
        if self.unit == Unit.PERCENT:
            return f"{way} {by} point{'' if by == 1 else 's'}"
        if not self.before:
            return ""
        percent = (200 * by + abs(self.before)) // (2 * abs(self.before))
        return f"{way} {percent:,}%" if percent else f"{way} less than 1%"

    @property
    def against(self) -> str:
        """The change and what the figure was: ``up 12% from 40``."""
        if self.change:
            return f"{self.change} from {self.shown_before}"
        return "as before" if self.now == self.before else f"before: {self.shown_before}"


def _shown(value: int | None, unit: Unit) -> str:
    if value is None:
        return "none"
    match unit:
        case Unit.CENTS:
            return format_cents(value)
        case Unit.PERCENT:
            return f"{value}%"
        case Unit.SECONDS:
            return f"{value} s"
        case Unit.SPAN:
            return _talked(value)
        case Unit.COUNT:
            return f"{value:,}"


def _bare(value: int | None, unit: Unit) -> str:
    is_number = value is not None and unit in {Unit.COUNT, Unit.SECONDS, Unit.SPAN}
    return str(value) if is_number else _shown(value, unit)


def _talked(seconds: int) -> str:
    """Return a long span in words.

    >>> _talked(40), _talked(840), _talked(7500)
    ('1 min', '14 min', '2 h 5 min')
    """
    hours, minutes = divmod(-(-seconds // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


_MORE: Final[Mapping[str, tuple[str, str, Unit]]] = {
    "level": (
        "Service level",
        f"Of everyone who joined the queue, the share that a technician answered within {SERVICE_SECONDS} seconds.",
        Unit.PERCENT,
    ),
    "booked_share": (
        "Booked share",
        "Of the callers who were sent an estimate, the share that prepaid or booked.",
        Unit.PERCENT,
    ),
    "reached_share": (
        "Reached share",
        "Of the callers we scheduled a callback for, the share we reached.",
        Unit.PERCENT,
    ),
    "estimates": ("Estimates", "Sent on these days, and not replaced or withdrawn since.", Unit.COUNT),
    "estimated": ("Estimated", "The total of these estimates.", Unit.CENTS),
    "average_estimate": ("Average estimate", "", Unit.CENTS),
    "payments": ("Payments", "Received on these days, whenever the customer called.", Unit.COUNT),
    "received": ("Paid", "The total of these payments.", Unit.CENTS),
    "average_payment": ("Average payment", "", Unit.CENTS),
    "refunded": ("Refunded", "Sent back to customers on these days.", Unit.CENTS),
    "disputed": ("Disputed", "Taken back by banks, less what they returned.", Unit.CENTS),
}


def compared(now: Day, before: Day) -> dict[str, Compared]:
    """Return every figure of the report by its name: those of ``rules.FIGURES``, shares, and money."""
    figures = {
        name: Compared(one.label, one.means, Unit.COUNT, now.figures[name], before.figures[name])
        for name, one in FIGURES.items()
    }
    values, earlier = _values(now), _values(before)
    return figures | {
        name: Compared(label, means, unit, values[name], earlier[name])
        for name, (label, means, unit) in _MORE.items()
    }


def _values(of: Day) -> dict[str, int | None]:
    sales, figures = of.sales, of.figures
    return {
        "level": day.service_level(of),
        "booked_share": day.share(figures["paid"], figures["quoted"]),
        "reached_share": day.share(figures["kept"], figures["promised"]),
        "estimates": sales.estimates,
        "estimated": sales.estimated_cents,
        "average_estimate": sales.average_estimate,
        "payments": sales.payments,
        "received": sales.paid_cents,
        "average_payment": sales.average_payment,
        "refunded": sales.refunded_cents,
        "disputed": sales.disputed_cents,
    }
