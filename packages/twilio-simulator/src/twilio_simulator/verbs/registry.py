"""Which class is which verb, by its name in TwiML."""

from twilio_simulator.verbs import Verb
from twilio_simulator.verbs.dial import Dial
from twilio_simulator.verbs.enqueue import Enqueue
from twilio_simulator.verbs.gather import Gather
from twilio_simulator.verbs.hangup import Hangup
from twilio_simulator.verbs.leave import Leave
from twilio_simulator.verbs.pause import Pause
from twilio_simulator.verbs.play import Play
from twilio_simulator.verbs.record import Record
from twilio_simulator.verbs.redirect import Redirect
from twilio_simulator.verbs.reject import Reject
from twilio_simulator.verbs.say import Say

VERBS: dict[str, type[Verb]] = {
    verb.__name__: verb
    for verb in (Dial, Enqueue, Gather, Hangup, Leave, Pause, Play, Record, Redirect, Reject, Say)
}
