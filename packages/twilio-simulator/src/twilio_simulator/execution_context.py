"""Where a document is performed: on which leg, in whose ears, under which rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.leg import Leg
    from twilio_simulator.verbs import Performed


class DocumentKind(Enum):
    """The kind of document; the value is its name in ``twiml.json``, which says what verbs it may hold."""

    CALL = "inbound or action document"
    SCREENING = "dial.leg.url (Number/Client/Sip url)"
    FROM_QUEUE = "queue.url"
    ROOM_SOUND = "conference wait, hold, announce"
    QUEUE_WAIT = "enqueue waitUrl"


@dataclass
class ExecutionContext:
    """``audience`` are the legs that hear, None being the leg itself; ``extra`` goes with each Redirect."""

    leg: "Leg"
    kind: DocumentKind = DocumentKind.CALL
    audience: "list[Leg] | None" = None
    extra: dict[str, str] = field(default_factory=dict)
    redirect_kind: str = "voice.continue"
    #: The verb under way and those after it in its document; empty while no document is performed.
    ahead: "tuple[Performed, ...]" = ()
    #: The keys that the Gather under way has taken.
    digits: str = ""

    @property
    def exchange(self) -> "Exchange":
        return self.leg.exchange

    def hear(self, kind: str, text: str, language: str = "") -> None:
        for leg in [self.leg] if self.audience is None else self.audience:
            if not leg.over:
                leg.hear(kind, text, language)

    @contextmanager
    def hearing(self, kind: str, text: str, language: str, seconds: float) -> Iterator[float]:
        """What is heard while it is performed, for ``seconds`` unless it is cut."""
        audience = [leg for leg in ([self.leg] if self.audience is None else self.audience) if not leg.over]
        heard = [leg.hear(kind, text, language, seconds) for leg in audience]
        try:
            yield seconds
        finally:
            for one in heard:
                one.cut(self.exchange.clock.now())


class RelativeURLError(Exception):
    """A document without a URL of its own names a relative one, or none."""


@dataclass(frozen=True)
class CannotReadError(Exception):
    """A document could not be had: Twilio's code, and the URL that failed."""

    code: int
    url: str


@dataclass(frozen=True)
class Place:
    """Where a document came from: its URL, or None when it was given in a Twiml parameter."""

    url: str | None
    method: str = "POST"

    def resolve(self, reference: str | None) -> str:
        """The absolute URL. Empty or missing means the document itself (Twilio, Redirect and Gather)."""
        reference = (reference or "").strip()
        if self.url is None:
            if urlsplit(reference).scheme not in ("http", "https"):
                raise RelativeURLError(reference)
            return reference
        return urljoin(self.url, reference) if reference else self.url
