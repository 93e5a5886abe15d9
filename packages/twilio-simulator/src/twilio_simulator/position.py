"""Where a leg stands: a description by which two moments of two calls can be compared."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twilio_simulator.performance import Fetching, Listening, Track, Wait
from twilio_simulator.web import WebAnswer

if TYPE_CHECKING:
    from twilio_simulator.verbs import Performed


@dataclass(frozen=True)
class VerbAhead:
    """One verb: its TwiML name, and the absolute URL of its action or of its own, "" where it has neither."""

    name: str
    url: str


@dataclass(frozen=True)
class Progress:
    """How far one performance has come.

    ``ahead``: the verb under way, then what follows it in the document. Empty while no document is performed: it is
    being fetched, the network's own music plays, or the leg only talks.
    ``waits_for``: the names of the events that move it on (``Key``, ``Speech``, ``RoomEnded``, ...); ``WebAnswer``
    while it waits for the application; empty when only time moves it on.
    ``digits``: the keys that the Gather under way has taken.
    """

    ahead: tuple[VerbAhead, ...]
    waits_for: tuple[str, ...]
    listening: Listening | None
    digits: str


@dataclass(frozen=True)
class Position:
    """``main`` is the document of the call, ``aside`` the music or wait document beside it; None: there is none.

    ``questions`` counts the Gather and Record verbs that the leg has met. It holds no SID, number or time of the
    network's own, but URLs as the application gives them.
    """

    questions: int
    main: Progress | None
    aside: Progress | None


def progress(track: Track | None) -> Progress | None:
    """None for no track, and for one that has ended."""
    if track is None or track.ended:
        return None
    wait = track.wait
    events = wait.wants if isinstance(wait, Wait) else ()
    waits_for = (WebAnswer,) if isinstance(wait, Fetching) else events
    return Progress(
        ahead=tuple(map(_ahead, track.context.ahead)),
        waits_for=tuple(event.__name__ for event in waits_for),
        listening=track.listening,
        digits=track.context.digits,
    )


def _ahead(verb: "Performed") -> VerbAhead:
    url = getattr(verb, "action", None) or getattr(verb, "url", None) or ""
    return VerbAhead(type(verb).__name__, url)
