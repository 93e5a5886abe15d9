"""What can happen to a leg while one of its verbs waits."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twilio_simulator.leg import Leg
    from twilio_simulator.performance import Fetch


@dataclass(frozen=True)
class Key:
    """One key of the telephone."""

    digit: str


@dataclass(frozen=True)
class Speech:
    """Words said; they take ``seconds`` to say."""

    text: str
    confidence: float
    seconds: float


@dataclass(frozen=True, eq=False)
class ChildAnswered:
    leg: "Leg"


@dataclass(frozen=True, eq=False)
class ChildReady:
    """The screening document of a dialled leg ended without hanging up: bridge it."""

    leg: "Leg"


@dataclass(frozen=True, eq=False)
class ChildEnded:
    leg: "Leg"


@dataclass(frozen=True, eq=False)
class ChildMoved:
    """A dialled leg was redirected away over REST."""

    leg: "Leg"


@dataclass(frozen=True, eq=False)
class FarSideLeft:
    """The other leg of a queue bridge is gone."""

    leg: "Leg"


@dataclass(frozen=True)
class RoomEnded:
    pass


@dataclass(frozen=True)
class Removed:
    """Taken out of the conference over REST."""


@dataclass(frozen=True)
class WaitFailed:
    """The waitUrl of a conference could not be played."""


@dataclass(frozen=True, eq=False)
class Dequeued:
    """Somebody dials the queue and takes this leg; ``screen`` is the document it hears before."""

    by: "Leg"
    screen: "Fetch | None"


@dataclass(frozen=True, eq=False)
class MemberReady:
    """The leg taken from the queue has heard its document and can be bridged."""

    leg: "Leg"


@dataclass(frozen=True)
class QueueChanged:
    """Somebody joined the queue that a Dial waits on."""


@dataclass(frozen=True)
class LeftQueue:
    """The wait document said Leave."""


@dataclass(frozen=True)
class WaitHungUp:
    """The wait document said Hangup."""
