"""What anybody can do at a moment, with the telephone in their hand."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from devtools.callmap.keys import keys_to_press
from devtools.callmap.script import whole_script
from tests.exhaustive.walks import looks
from tests.exhaustive.walks.graph import SILENCE
from tests.exhaustive.walks.line import Line
from tests.exhaustive.walks.snapshot import is_told, snapshot, where
from tests.support.owners import PIN
from tests.support.world import LINE
from twilio_simulator import CannotError, Handset
from twilio_simulator.leg import Leg

Move = tuple[str, str]
#: As long as nothing changes, nothing will: longer than any wait, shorter than the time to try a callback again.
STILL_FOR = 1000
#: Those who talk may go on for hours: long enough to see that the line leaves them alone.
TALKS_FOR = 70
#: A person needs this long to say something and to be understood.
SAYING = 20
#: No question is asked more often.
TRIES = 4
#: What is keyed where so many keys are wanted (None: until the pound key): what is meant, and what is wrong.
KEYED = {2: ("42", "77"), 10: ("4155550143", "1115550143"), 4: ("1330", "2515"), None: (f"{PIN}#", "999999#")}
#: What is done in the console about the matter, and what the customer pays (``tests.support.sales``).
SALES = (
    "sends_the_estimate",
    "is_paid",
    "promises_the_price",
    "books",
    "cancels_the_visit",
    "asks_for_more_time",
    "withdraws_the_estimate",
    "closes",
    "reopens",
)


@dataclass(frozen=True)
class Can:
    """What is tried: at every question each key that it tells apart, and one that it does not (``callmap.keys``)."""

    #: Keys that are not tried.
    without: str = ""
    conference_ends: bool = False
    #: Of ``SALES``, once in a way each.
    sales: tuple[str, ...] = ()
    #: So many calls of the customer, to the end of the last one for everybody; from then on nobody does anything.
    calls: int | None = None
    #: Whoever is told something hears it, or hangs up, before anybody else acts; a question is one at every try of it.
    at_leisure: bool = False


def moves(world: Line, can: Can) -> Iterator[Move]:
    """Everything that anybody can do now; that nobody does anything is possible always, and not among it."""
    telephones, made = looks.telephones(world), looks.calls_made(world)
    if can.calls is not None and made > can.calls:
        return
    if can.calls is not None and made == can.calls:
        concerned = looks.in_the_call(world)
        telephones = {name: one for name, one in telephones.items() if name in concerned}
    if can.at_leisure and (told := {name: one for name, one in telephones.items() if is_told(one.phone)}):
        yield from ((name, "hangs up") for name in told)
        return
    for name, handset in telephones.items():
        yield from ((name, what) for what in _choices(handset, can.without))
    if can.conference_ends and any(room.started for room in world.exchange.rooms.all.values()):
        yield "somebody", "ends the conference"
    yield from (("desk", what) for what in can.sales if what not in world.sold)
    if can.calls is not None and made < can.calls and telephones["customer"].phone.leg is None:
        yield "customer", "dials"


def act(world: Line, move: Move, stands: Callable[[Line], object] = snapshot) -> float:
    """Do it; how many seconds passed. It is done again, as long as it has no effect on how all ``stands``."""
    before = world.clock.now()
    stood = stands(world)
    who, what = move
    if move == SILENCE:
        world.exchange.until(lambda: stands(world) != stood, TALKS_FOR if looks.talks(world) else STILL_FOR)
    elif who == "somebody":
        world.end_conference()
    elif who == "desk":
        world.sell(what)
    else:
        telephone = looks.telephones(world)[who]
        for _ in range(TRIES):
            _use(world, telephone, what)
            if stands(world) != stood:
                break
    return (world.clock.now() - before).total_seconds()


def _choices(handset: Handset, without: str) -> Iterator[str]:
    phone = handset.phone
    leg = phone.leg
    if leg is None:
        return
    if phone.is_ringing:
        yield from ("answers", "declines", "cannot be reached")
    if phone.state in {"dialling", "in-call"}:
        yield "hangs up"
    listening = leg.listening if phone.is_in_call else None
    if listening is None:
        return
    if listening.kind == "star":
        yield "presses *"
    elif listening.kind == "record":
        yield from ("says the phones are dead", "presses #")
    if listening.kind == "gather" and "dtmf" in listening.input:
        wanted = listening.num_digits
        if wanted is not None:
            yield from (f"presses {key}" for key in _keys(leg) if key not in without)
        yield from (f"presses {number}" for number in KEYED.get(wanted, ()))
    if listening.kind == "gather" and "speech" in listening.input:
        yield from ("says the phones are dead", "mumbles", "says operator")


def _keys(leg: Leg) -> str:
    """The keys worth pressing at the question that this leg hears."""
    at = leg.position()
    question = next(one for one in (at.aside, at.main) if one is not None and one.listening is not None)
    return _keys_by_address()[urlsplit(question.ahead[0].url).path]


@cache
def _keys_by_address() -> dict[str, str]:
    return keys_to_press(whole_script())


def _use(world: Line, handset: Handset, what: str) -> None:
    phone = handset.phone
    stood = where(phone)
    with suppress(CannotError):
        if what == "dials":
            phone.dial(LINE)
        elif what == "answers":
            phone.answer()
        elif what == "declines":
            phone.decline()
        elif what == "cannot be reached":
            assert phone.leg is not None
            phone.leg.end("failed")
        elif what == "hangs up":
            phone.hang_up()
        elif what.startswith("presses "):
            phone.press(what.removeprefix("presses "))
        else:
            phone.say(what.removeprefix("says "), 0.3 if what == "mumbles" else 0.9)
    world.exchange.settle()
    if not what.startswith(("says", "mumbles", "presses")):
        return
    world.exchange.until(lambda: where(phone) != stood, SAYING)
