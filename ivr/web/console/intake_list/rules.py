"""What is wanted of the list of intakes, as its address says it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Final

from ivr.web.console.common import days
from ivr.web.console.common.words import KINDS, LANGUAGES, STATES


class Show(StrEnum):
    """Which intakes are shown, before any filter."""

    ALL = "all"
    #: Those that the reader has, and those whose callback the reader has claimed.
    MINE = "mine"
    #: Those that are open and in nobody's hands.
    UNASSIGNED = "unassigned"
    #: Those that began today.
    TODAY = "today"
    #: Those with an estimate that the customer has and has not paid.
    UNPAID = "unpaid"
    #: Those with a message that nobody has heard.
    UNHEARD = "unheard"


class Sort(StrEnum):
    """The order of the list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    NAME_BACK = "name_back"
    SUM = "sum"
    SUM_BACK = "sum_back"
    VISIT = "visit"
    VISIT_BACK = "visit_back"


#: By column: its order when its head is pressed, and when it is pressed again.
HEADS: Final[Mapping[str, tuple[Sort, Sort]]] = {
    "name": (Sort.NAME, Sort.NAME_BACK),
    "began": (Sort.NEWEST, Sort.OLDEST),
    "sum": (Sort.SUM_BACK, Sort.SUM),
    "visit": (Sort.VISIT, Sort.VISIT_BACK),
}
#: Orders from the highest down.
DESCENDING: Final = frozenset({Sort.NEWEST, Sort.NAME_BACK, Sort.SUM_BACK, Sort.VISIT_BACK})
#: Orders by sums of money.
OF_MONEY: Final = frozenset({Sort.SUM, Sort.SUM_BACK})
_MOST_ROWS: Final = 10**9


class NoSuchViewError(ValueError):
    """The address asks for what there is not."""


@dataclass(frozen=True)
class View:
    """What is wanted. Days are the company's, both included; ``person`` is the id of a member of staff."""

    show: Show = Show.ALL
    state: str = ""
    kind: str = ""
    language: str = ""
    person: int | None = None
    since: date | None = None
    until: date | None = None
    #: Those alone whose calls the phone network took on this day.
    continuity: date | None = None
    sort: Sort = Sort.NEWEST
    #: What is wrong with a day that was typed, by its field.
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        """The address of this view: what differs from all intakes, newest first."""
        told = {_NAMES[one.name]: getattr(self, one.name) for one in fields(self) if one.name in _NAMES}
        usual = {_NAMES[one.name]: one.default for one in fields(self) if one.name in _NAMES}
        return {name: str(value) for name, value in told.items() if value != usual[name]}

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the order is other than usual."""
        return self.has_filters or bool(self.query.keys() - {"sort"})

    @property
    def has_filters(self) -> bool:
        """Whether the filters below the tabs hide anything."""
        return bool(self.errors or self.query.keys() - {"sort", "show", "continuity"})

    @property
    def is_kept(self) -> bool:
        """Whether it is remembered: a day without the service is looked at once, new messages have their own link."""
        return self.continuity is None and self.show != Show.UNHEARD and not self.errors


#: By field: its name in the address.
_NAMES: Final = {"since": "from", "until": "to"} | {
    name: name for name in ("show", "state", "kind", "language", "person", "continuity", "sort")
}


def read(typed: Mapping[str, str]) -> View:
    """Return the view of an address. Raises NoSuchViewError."""
    person = typed.get("person", "")
    if person and not (person.isascii() and person.isdigit() and int(person) < _MOST_ROWS):
        raise NoSuchViewError
    asked = days.read_range(typed)
    try:
        return View(
            show=Show(typed.get("show") or Show.ALL),
            state=_one_of(STATES, typed.get("state", "")),
            kind=_one_of(KINDS, typed.get("kind", "")),
            language=_one_of(LANGUAGES, typed.get("language", "")),
            person=int(person) if person else None,
            since=asked.first,
            until=asked.last,
            continuity=days.read(typed.get("continuity", "")),
            sort=Sort(typed.get("sort") or Sort.NEWEST),
            errors=asked.errors,
        )
    except ValueError as wrong:
        raise NoSuchViewError from wrong


def _one_of(known: Collection[str], typed: str) -> str:
    if typed and typed not in known:
        raise NoSuchViewError
    return typed
