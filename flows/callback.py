"""The line rings a customer back.

answered --> the conversation, with whoever rang
"""

from flows import rescue, waiting
from ivr.callbacks import service as callbacks
from ivr.calls import service as calls
from ivr.calls.service import Call
from ivr.dispatch import service as dispatch
from ivr.intake import service as intakes
from ivr.voice import Flow, Reply, Turn, _

flow: Flow[Call] = Flow(
    "callback", subject=lambda turn: callbacks.on_line(turn.ids.get("callback", 0), turn.call_sid)
)


@flow.step
def answered(turn: Turn[Call]) -> Reply:
    words = turn.after(_("This is the onsite support line. You were cut off."))
    callbacks.kept(turn.subject.intake_id)
    calls.answered(turn.subject)
    staff = dispatch.present(turn.subject.intake_id)
    intakes.talk_again(turn.subject.intake, staff[-1].role if staff else None)
    return waiting.joined(words) if staff else rescue.staff_left(words)


@flow.way_out
def alone(turn: Turn[Call]) -> Reply:
    return waiting.line(turn)
