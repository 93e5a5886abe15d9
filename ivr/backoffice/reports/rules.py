"""What the owner counts, from facts about each caller. Pure. Days and hours are in the company's time zone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.stages import IntakeState, Stage

#: The target of the service level: seconds from joining the queue to a technician's key 1.
SERVICE_SECONDS: Final = 60
#: Upper bounds of the groups of waits, in seconds, each with its label.
WAITS: Final[Mapping[int, str]] = {
    20: "to 20 s",
    40: "to 40 s",
    60: "to 1 min",
    120: "to 2 min",
    300: "to 5 min",
    600: "to 10 min",
    10**9: "longer",
}
#: The longest period in one report.
DAYS_AT_MOST: Final = 400

ANSWERED: Final = "answered"
LEFT_LINE: Final = "hung up in line"
CALLED_BACK: Final = "chose a callback or a message"
LEFT_EARLY: Final = "hung up before the line"
STILL_HERE: Final = "on the line now"

#: The visit is prepaid, or booked for a customer trusted to pay.
_PREPAID: Final = frozenset({Stage.PAID, Stage.BOOKED, Stage.DONE})
HERE: Final = frozenset({IntakeState.COLLECTING, IntakeState.WAITING, IntakeState.RINGING})


class Group(NamedTuple):
    """Callers who have one thing in common. ``what``: one of ``GROUPS``; ``value``: empty where it is not known."""

    what: str
    value: str


KIND: Final = "kind"
LANGUAGE: Final = "language"
GROUPS: Final = (KIND, LANGUAGE)


@dataclass(frozen=True, slots=True)
class Fact:
    """One caller's matter. ``wait``: seconds from joining the queue to the first technician's acceptance, or None.

    ``stage``: how far it came; for a closed one, before it was closed.
    """

    id: int
    reference: str
    day: date
    hour: int
    state: IntakeState
    stage: Stage
    joined: bool
    wait: int | None
    transferred: bool
    handed_over: bool
    promised: bool
    kept: bool
    dropped: bool
    kind: str | None = None
    language: str = "en"

    @property
    def groups(self) -> tuple[Group, ...]:
        """Those that the caller belongs to."""
        return Group(KIND, self.kind or ""), Group(LANGUAGE, self.language)

    @property
    def outcome(self) -> str:
        """The result of the first call: one of five."""
        if self.wait is not None:
            return ANSWERED
        if self.promised and not self.dropped:
            return CALLED_BACK
        if self.state in HERE:
            return STILL_HERE
        return LEFT_LINE if self.joined else LEFT_EARLY


@dataclass(frozen=True)
class Figure:
    """A count of the callers for whom ``holds`` is true. ``means`` says so in words."""

    label: str
    means: str
    holds: Callable[[Fact], bool]


FIGURES: Final[Mapping[str, Figure]] = {
    "rang": Figure("Called", "Everyone who called.", lambda _: True),
    "offered": Figure(
        "Joined the queue", "Asked for a technician and waited for one.", lambda one: one.joined
    ),
    "answered": Figure("Answered", "A technician pressed 1.", lambda one: one.wait is not None),
    "in_time": Figure(
        f"Answered within {SERVICE_SECONDS} s",
        "From joining the queue until a technician presses 1.",
        lambda one: one.wait is not None and one.wait <= SERVICE_SECONDS,
    ),
    "left_early": Figure(
        "Hung up before the queue",
        "During the questions, or while closed, and left no message.",
        lambda one: one.outcome == LEFT_EARLY,
    ),
    "left_line": Figure(
        "Hung up in the queue",
        "Waited, was not answered and left no message.",
        lambda one: one.outcome == LEFT_LINE,
    ),
    "called_back": Figure(
        "Chose a callback or a message",
        "Instead of waiting, or because we were closed.",
        lambda one: one.outcome == CALLED_BACK,
    ),
    "dropped": Figure(
        "Disconnected after the answer",
        "The call dropped during the conversation.",
        lambda one: one.wait is not None and one.dropped,
    ),
    "transferred": Figure(
        "Transfers begun", "A technician asked for an operator.", lambda one: one.transferred
    ),
    "handed_over": Figure("Handed over", "An operator took the caller.", lambda one: one.handed_over),
    "promised": Figure("Callbacks scheduled", "For us to call.", lambda one: one.promised),
    "kept": Figure("Callbacks kept", "We reached them.", lambda one: one.kept),
    "quoted": Figure("Estimate sent", "Or a later stage.", lambda one: one.stage in stages.SOLD),
    "paid": Figure("Prepaid", "Or booked.", lambda one: one.stage in _PREPAID),
}
#: From the first call to the prepaid visit.
FUNNEL: Final = ("rang", "offered", "answered", "handed_over", "quoted", "paid")


@dataclass(frozen=True)
class Reached:
    """How many calls to customers, and how many to staff, ended in this way."""

    outcome: Outcome
    customers: int
    staff: int


@dataclass(frozen=True)
class Row:
    """One bar: how many called, and how many of those were answered."""

    label: str
    rang: int
    answered: int
