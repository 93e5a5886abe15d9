"""How a leg begins: a person dials in, the application places a call, a verb dials out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from twilio_simulator.leg import Leg
from twilio_simulator.performance import Fetch, Inline
from twilio_simulator.recordings import RecordingCallback
from twilio_simulator.webhooks import Fallback, StatusCallback

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.phone import Phone

#: How long this network takes to decide who answered.
DETECTION_SECONDS: Final = 3.0

#: Twilio adds five seconds to every ring timeout (Call resource, Dial).
RING_SLACK: Final = 5


class NoSuchNumberError(Exception):
    """Nobody owns that number on this network."""


def arrive(exchange: "Exchange", phone: "Phone", to: str, caller_id: str, stir_verstat: str | None) -> Leg:
    """An inbound call; its first document is asked for while it still rings.

    A number that ignores its URLs leads to an application, a trunk or a fax machine: here they are no program, and the
    call fails without a word to anybody.
    """
    number = exchange.numbers.owned(to)
    if number is None:
        raise NoSuchNumberError(to)
    if number.ignores_urls(in_fax_mode=exchange.switches.fax_mode_ignores_urls):
        lost = Leg(exchange, "inbound", caller_id, to, phone=phone)
        exchange.soon(lambda: lost.end("failed"))
        return lost
    fallback = number.voice_fallback_url
    leg = Leg(
        exchange,
        "inbound",
        caller_id,
        to,
        callback=StatusCallback(number.status_callback, number.status_callback_method),
        fallback=Fallback(fallback, number.voice_fallback_method) if fallback else None,
        phone=phone,
    )
    leg.stir_verstat = stir_verstat or None
    leg.read(Fetch(number.voice_url, number.voice_method, "voice.inbound"))
    return leg


@dataclass(frozen=True)
class Detection:
    """Answering machine detection: whether it is a person who answered.

    ``mode``: Enable or DetectMessageEnd. ``aside``: the call goes on meanwhile, and ``url`` is told the result.
    """

    mode: str
    url: str | None
    method: str
    aside: bool

    def listen(self, leg: Leg, start: Callable[[], None]) -> None:
        """Decide, then ``start`` the document; or start it at once when detection runs aside."""
        if self.aside:
            start()
        leg.exchange.after(DETECTION_SECONDS, lambda: self._decided(leg, start))

    def _decided(self, leg: Leg, start: Callable[[], None]) -> None:
        if leg.over:
            return
        machine = "machine_start" if self.mode == "Enable" else "machine_end_beep"
        leg.answered_by = "human" if leg.phone.is_human else machine
        if not self.aside:
            start()
        elif self.url is not None:
            params = {
                "AccountSid": leg.exchange.account_sid,
                "CallSid": leg.sid,
                "AnsweredBy": leg.answered_by,
                "MachineDetectionDuration": str(int(DETECTION_SECONDS * 1000)),
            }
            leg.exchange.webhooks.notify("amd.async", self.url, self.method, params)


@dataclass(frozen=True)
class RecordOrder:
    """Record=true of a REST create."""

    callback: RecordingCallback
    channels: int = 1


@dataclass(frozen=True)
class Order:
    """What a REST create asks for, already checked. ``first`` is None for a participant, who needs no document."""

    from_number: str
    to_number: str
    first: Fetch | Inline | None = None
    callback: StatusCallback = field(default_factory=StatusCallback)
    fallback: Fallback | None = None
    timeout: float = 60
    time_limit: float | None = None
    record: RecordOrder | None = None
    detection: Detection | None = None
    send_digits: str = ""
    #: The number that the called party sees, when it is not ``from_number``.
    shown: str | None = None


def place(exchange: "Exchange", order: Order) -> Leg:
    """A call placed over REST: queued for its turn, dialled, rung."""
    leg = Leg(
        exchange,
        "outbound-api",
        order.from_number,
        order.to_number,
        callback=order.callback,
        fallback=order.fallback,
    )
    leg.shown = order.shown or leg.shown
    wait = exchange.create_slot()
    leg.queue_time_ms = int(wait * 1000)
    exchange.after(wait, lambda: ring(leg, order.timeout))

    def begin() -> None:
        first = order.first
        if isinstance(first, Fetch) and leg.answered_by is not None:
            first = replace(first, extra={"AnsweredBy": leg.answered_by})
        if first is not None:
            leg.read(first)

    def answered() -> None:
        if order.send_digits:
            leg.hear("heard-tone", order.send_digits)
        if order.time_limit is not None:
            leg.limit(order.time_limit)
        if order.record is not None:
            clip = exchange.recordings.begin(
                "OutboundAPI", order.record.callback, leg=leg, channels=order.record.channels
            )
            leg.on_end.append(clip.finish)
        if order.detection is not None:
            order.detection.listen(leg, begin)
        else:
            begin()

    leg.on_answer = answered
    return leg


def ring(leg: Leg, timeout: float) -> None:
    """Dial now, and let it ring for ``timeout`` and five seconds more."""
    if leg.over:
        return
    leg.progress("initiated", "initiated")
    exchange = leg.exchange
    exchange.after(exchange.switches.post_dial_delay, lambda: leg.phone.ring(leg, timeout + RING_SLACK))
