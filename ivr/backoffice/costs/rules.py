"""What was used of the telephone network and the payment provider, and what it costs. Pure.

Costs are whole micro-dollars, millionths of a dollar. Nothing is rounded before it is shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

#: What was used, by the names in ``KINDS``, and ``CALLS``.
Used = Counter[str]
#: How many customers' calls there were, both ways. They cost nothing by themselves.
CALLS: Final = "calls"
MICROS: Final = 1_000_000
_MICROS_IN_A_CENT: Final = MICROS // 100
#: A call that has not ended for so long is a row that nobody has closed.
_LONGEST: Final = timedelta(days=1)


class Kind(NamedTuple):
    """Something that is charged for: ``price`` is its name in the table, for ``per`` units."""

    label: str
    unit: str
    price: str
    per: int = 1


KINDS: Final[Mapping[str, Kind]] = {
    "toll_free": Kind("Calls to us, toll-free", "minutes", "inbound_toll_free"),
    "local": Kind("Calls to us, local number", "minutes", "inbound_local"),
    "staff": Kind("Calls to staff", "minutes", "outbound"),
    "callbacks": Kind("Calls to customers", "minutes", "outbound"),
    "conferences": Kind("Conferences", "minutes", "conference"),
    "recordings": Kind("Recordings of calls", "minutes", "recording"),
    "messages": Kind("Messages", "minutes", "recording"),
    "transcripts": Kind("Transcripts of messages", "minutes", "transcription"),
    "speech": Kind("Issues said in words", "times", "speech"),
    "payments": Kind("Payments by card", "payments", "payment"),
    "paid_cents": Kind("Share of what was paid", "cents", "payment_share", per=100),
}
#: The fees for payments; all others are the telephone network's.
CARDS: Final = ("payments", "paid_cents")
PRICES: Final = frozenset(kind.price for kind in KINDS.values())


@dataclass(frozen=True)
class Table:
    """The prices from one day on: by name, in micro-dollars."""

    since: date
    source: str
    micros: Mapping[str, int]


@dataclass(frozen=True)
class Cost:
    """What was used on a day, or on several, and what each kind of it costs, in micro-dollars."""

    used: Used = field(default_factory=Counter)
    micros: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All of it."""
        return self.micros.total()

    @property
    def telephone(self) -> int:
        """Without the fees for payments by card."""
        return self.total - sum(self.micros[name] for name in CARDS)

    @property
    def average(self) -> int:
        """What the telephone network charges for one call, with all that it brought about."""
        return self.telephone // max(1, self.used[CALLS])


@dataclass(frozen=True)
class Tariff:
    """All tables of prices, the oldest first, each whole; and whether our number is toll-free."""

    tables: Sequence[Table]
    is_toll_free: bool

    @property
    def inbound(self) -> str:
        """The kind of a call to us."""
        return "toll_free" if self.is_toll_free else "local"

    def on(self, day: date) -> Table:
        """Return the table of that day. Days before the first table have the first."""
        return next((one for one in reversed(self.tables) if one.since <= day), self.tables[0])

    def price(self, kind: str, day: date) -> int:
        """Return what a unit of this kind costs on that day, in micro-dollars."""
        return self.on(day).micros[KINDS[kind].price]

    def cost(self, used: Used, day: date) -> Cost:
        """Return what was used on this day with its cost, at the prices of that day."""
        micros = self.on(day).micros
        costs = {
            name: used[name] * micros[kind.price] // kind.per for name, kind in KINDS.items() if used[name]
        }
        return Cost(used, Counter(costs))


def minutes(since: datetime | None, until: datetime | None, now: datetime) -> int:
    """Return the minutes that are charged: each that has begun, and one at least; none where nobody answered.

    What has not ended counts until now.
    """
    if since is None or (until is None and now - since > _LONGEST):
        return 0
    return max(1, -(((until or now) - since) // timedelta(minutes=-1)))


def recorded_minutes(seconds: int | None) -> int:
    """Return the minutes that are charged for a recording.

    >>> recorded_minutes(61), recorded_minutes(0), recorded_minutes(None)
    (2, 0, 0)
    """
    return -(-(seconds or 0) // 60)


def total(many: Iterable[Cost]) -> Cost:
    """Return the costs of several days together."""
    whole = Cost()
    for one in many:
        whole.used.update(one.used)
        whole.micros.update(one.micros)
    return whole


def dollars(micros: int) -> str:
    """Return the sum to the cent; what is less than a cent, but something, is shown as less than a cent.

    >>> dollars(1_234_567_890), dollars(44_000), dollars(3_000), dollars(0)
    ('$1,234.57', '$0.04', 'under $0.01', '$0.00')
    """
    if 0 < micros < _MICROS_IN_A_CENT:
        return "under $0.01"
    cents = (micros + _MICROS_IN_A_CENT // 2) // _MICROS_IN_A_CENT
    return f"${cents // 100:,}.{cents % 100:02}"


def exact(micros: int) -> str:
    """Return the sum as a number of dollars, not rounded.

    >>> exact(8_500), exact(1_300_000), exact(0)
    ('0.0085', '1.30', '0.00')
    """
    whole, part = f"{micros // MICROS}.{micros % MICROS:06}".split(".")
    return f"{whole}.{part[:2]}{part[2:].rstrip('0')}"
