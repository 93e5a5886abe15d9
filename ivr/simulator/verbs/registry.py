"""Which class is which verb."""

from ivr.simulator.verbs import Verb
from ivr.simulator.verbs.dial import Dial
from ivr.simulator.verbs.enqueue import Enqueue
from ivr.simulator.verbs.gather import Gather
from ivr.simulator.verbs.hangup import Hangup
from ivr.simulator.verbs.leave import Leave
from ivr.simulator.verbs.pause import Pause
from ivr.simulator.verbs.play import Play
from ivr.simulator.verbs.record import Record
from ivr.simulator.verbs.redirect import Redirect
from ivr.simulator.verbs.reject import Reject
from ivr.simulator.verbs.say import Say

VERBS: dict[str, type[Verb]] = {
    verb.__name__: verb
    for verb in (Dial, Enqueue, Gather, Hangup, Leave, Pause, Play, Record, Redirect, Reject, Say)
}
