"""How a Dial rings a telephone, and how two legs are parted again."""

from typing import TYPE_CHECKING

from twilio_simulator import calling
from twilio_simulator.events import ChildAnswered, ChildReady
from twilio_simulator.execution_context import DocumentKind, ExecutionContext
from twilio_simulator.leg import Leg
from twilio_simulator.numbers import is_e164
from twilio_simulator.performance import Ending, Outcome, Performance, Wait

if TYPE_CHECKING:
    from twilio_simulator.verbs.dial import Dial
    from twilio_simulator.verbs.number import Number


def dial_out(context: ExecutionContext, dial: "Dial", number: "Number") -> Leg | None:
    """Ring a number for a Dial; it tells the dialling leg of every step. None when it is no telephone number."""
    exchange = context.exchange
    parent = context.leg
    if not is_e164(number.number):
        exchange.fault(13223, f"{number.number!r} cannot be dialled")
        return None
    caller_id = dial.caller_id or parent.from_number
    own = (parent.from_number, parent.to_number)
    if caller_id not in own and not exchange.numbers.may_show(caller_id):
        exchange.fault(13214, f"callerId {caller_id}")
        caller_id = parent.from_number
    leg = Leg(
        exchange, "outbound-dial", caller_id, number.number, parent=parent, callback=number.status_callback()
    )
    leg.on_answer = lambda: _answered(leg, number)
    # A leg of a Dial is never queued: it is dialled at once.
    exchange.soon(lambda: calling.ring(leg, dial.timeout))
    return leg


def _answered(leg: Leg, number: "Number") -> None:
    parent = leg.parent
    if parent is None:
        return
    parent.tell(ChildAnswered(leg))
    if number.send_digits:
        leg.hear("heard-tone", number.send_digits)
    if number.screen is None:
        _idle(leg)
        return

    def screened(outcome: Outcome) -> None:
        if outcome is Ending.HUNG_UP:
            leg.end("completed")
        else:
            _idle(leg)
            parent.tell(ChildReady(leg))

    context = ExecutionContext(leg, DocumentKind.SCREENING)
    leg.perform(context, leg.exchange.read(context, number.screen), screened)


def _idle(leg: Leg) -> None:
    """Nothing of its own to do: it talks, until somebody hangs up."""

    def talk() -> Performance:
        yield Wait()
        return None

    leg.perform(ExecutionContext(leg), talk())


def unbridge(leg: Leg) -> None:
    """Neither hears the other any more."""
    far = leg.far
    if far is not None:
        leg.far = far.far = None
        leg.hear("left", far.phone.number)
        far.hear("left", leg.phone.number)
