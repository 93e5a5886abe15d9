"""Everybody whom an application may meet when it rings somebody: for tests that walk each of its legs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

from twilio_simulator.behaviours import Behaviour
from twilio_simulator.behaviours.bad_line import DoublesKeys
from twilio_simulator.behaviours.machines import AutoAttendant, Robot
from twilio_simulator.behaviours.person import Language, Person
from twilio_simulator.behaviours.screening import ScreenedPerson, System
from twilio_simulator.behaviours.voicemail import Voicemail


@dataclass(frozen=True)
class Role:
    """``agrees``: a person comes on the line, and says yes to the question. So this one is to be reached."""

    name: str
    behaviour: Behaviour
    agrees: bool = False


def cast(answer: str = "1", word: str = "yes", language: Language = "en") -> Iterator[Role]:
    """``answer`` is the key that agrees, ``word`` what a person says in its place."""
    person = Person(answer=answer, language=language)
    yield Role("a person, silent", replace(person, hellos=0), agrees=True)
    yield Role("a person who says hello", replace(person, hellos=1), agrees=True)
    yield Role("a person who says hello three times", replace(person, hellos=3), agrees=True)
    yield Role("a person who talks over it", replace(person, hellos=3, talks_over=True), agrees=True)
    yield Role("a person who answers in words", replace(person, answer=word), agrees=True)
    yield Role("a person who hangs up", replace(person, hangs_up=True))
    yield Role("a person who does nothing", replace(person, answer=""))
    yield Role("a person on a line that doubles keys", DoublesKeys(person), agrees=True)
    for system in get_args(System):
        screened = ScreenedPerson(system, answer=answer, language=language)
        for seconds in (10.0, 20.0, 30.0):
            name = f"{system} screens, the owner answers after {seconds:g} s"
            yield Role(name, replace(screened, owner_after=seconds), agrees=True)
        yield Role(f"{system} screens, the owner declines", replace(screened, owner="declines"))
        yield Role(f"{system} screens, the owner does nothing", replace(screened, owner="never"))
        yield Role(f"{system} screens, then a mailbox", replace(screened, owner="mailbox"))
    mailbox = Voicemail(after=8.0, language=language)
    yield Role("a mailbox", mailbox)
    yield Role("a mailbox at once", replace(mailbox, after=0.5))
    yield Role("a mailbox without a beep", replace(mailbox, beep=False))
    yield Role("a robot", Robot(language=language))
    yield Role("a menu, then an operator", AutoAttendant(answer=answer, language=language), agrees=True)
    yield Role("a menu that rings on", AutoAttendant(then="rings", language=language))
    yield Role("a menu that hangs up", AutoAttendant(then="hangs-up", language=language))
    yield Role("nobody", "no_answer")
    yield Role("busy", "busy")
    yield Role("a number that fails", "failed")
