"""``flask --app devtools reached``: every leg of the line, walked against every telephone that may answer it."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from sqlalchemy import func, select

from devtools.held_line import HeldLine
from devtools.rung_legs import LEGS, Leg
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.calls.outcomes import Outcome
from twilio_simulator.behaviours.cast import Role, cast
from twilio_simulator.hearing import talking_seconds
from twilio_simulator.transcript import Entry

#: Seconds in which every walk is decided: a ring, a minute of patience, and the goodbye.
AT_MOST: Final = 200


@dataclass(frozen=True)
class Walk:
    """What came of one leg."""

    leg: Leg
    role: Role
    outcome: Outcome | None
    #: Somebody else was in conversation with that telephone.
    joined: bool
    #: Callbacks that count as kept.
    kept: int
    first: "First | None"


@dataclass(frozen=True)
class First:
    """The first sentence that was heard on the leg: how many seconds after the answer, and how long it is."""

    words: str
    after: float
    seconds: float
    #: It was heard to its end, or as far as whoever heard it wanted: they pressed a key, or hung up.
    is_whole: bool


def walked(line: HeldLine, leg: Leg, role: Role) -> Walk:
    """Bring the leg about, and let the telephone do what it does."""
    with line.begin():
        leg.begins(line, role.behaviour)
        handset, others = (
            line.handset(leg.whose),
            [line.handset(one) for one in ("Customer", "Dana", "Tomas", "Olive")],
        )
        joined = False

        def decided() -> bool:
            nonlocal joined
            joined = joined or any(
                handset.is_talking_to(one) for one in others if one.phone is not handset.phone
            )
            return joined or (handset.ended and _outcome(line, leg) is not None)

        line.exchange.until(decided, AT_MOST)
        with line.database.reading() as session:
            kept = session.scalar(select(func.count()).where(Callback.state == CallbackState.DONE)) or 0
        return Walk(leg, role, _outcome(line, leg), joined, kept, _first(handset.phone.transcript))


def _outcome(line: HeldLine, leg: Leg) -> Outcome | None:
    with line.database.reading() as session:
        rung = session.scalars(leg.rung.limit(1)).first()
        return rung.outcome if rung else None


def _first(transcript: Sequence[Entry]) -> First | None:
    """Read it from what happened at the telephone since it rang; None when nobody answered."""
    rang = max((at for at, entry in enumerate(transcript) if entry.kind == "ringing"), default=0)
    entries = iter(transcript[rang:])
    answered = next((one.at for one in entries if one.kind == "answered"), None)
    said = next((one for one in entries if one.kind == "heard-say"), None)
    if answered is None or said is None:
        return None
    seconds = talking_seconds(said.text)
    then = next((one for one in entries if one.kind in {"heard-say", "pressed", "hung-up"}), None)
    cut = then is not None and then.kind == "heard-say" and (then.at - said.at).total_seconds() < seconds
    return First(said.text, (said.at - answered).total_seconds(), seconds, is_whole=not cut)


def table(walks: Sequence[Walk]) -> str:
    """Return the outcomes in Markdown: a row for each telephone, a column for each leg."""
    legs = list(dict.fromkeys(one.leg.name for one in walks))
    found = {(one.role.name, one.leg.name): one for one in walks}
    lines = [f"| who answers | {' | '.join(legs)} |", f"|---{'|---' * len(legs)}|"]
    for role in dict.fromkeys(one.role.name for one in walks):
        words = (str(found[role, leg].outcome).replace("_", " ") for leg in legs)
        lines.append(f"| {role} | {' | '.join(words)} |")
    return "\n".join(lines)


def walk(line: HeldLine, leg: Leg) -> Iterator[Walk]:
    """Walk this leg against the whole cast, in the language that is spoken on it."""
    word = "sí" if leg.language == "es" else "yes"
    for role in cast(word=word, language=leg.language):
        yield walked(line, leg, role)


@click.command()
def reached() -> None:
    """Print who was reached: every leg that the line creates, against every telephone that may answer it."""
    with tempfile.TemporaryDirectory(prefix="reached-") as folder:
        line = HeldLine(Path(folder))
        click.echo(table([one for leg in LEGS for one in walk(line, leg)]))
