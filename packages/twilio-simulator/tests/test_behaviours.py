"""Telephones that act by themselves: people, screens, mailboxes, robots, menus, bad lines."""

from simulator_tests.lab import LINE, ORIGIN, TECHNICIAN, Lab
from twilio_simulator import Behaviour, Person

KEYS = 'input="dtmf speech" speechTimeout="auto" action="/heard" actionOnEmptyResult="true"'
QUESTION = "This is Acme. You asked us to call back. Press 1 to be connected."
SPANISH = "Habla Acme. Usted nos pidió que lo llamáramos. Oprima 1 para hablar con nosotros."


def ring(lab: Lab, behaviour: Behaviour, question: str = QUESTION, *, first: str = "") -> None:
    """An application that asks its question again whatever it hears, until the key comes, and then talks."""
    ask = f'<Gather {KEYS} numDigits="1" timeout="8"><Say>{question}</Say></Gather>'
    lab.serve(
        out=first + ask,
        heard=lambda words: "<Say>Connected.</Say><Pause length='60'/>" if words.get("Digits") else ask,
    )
    lab.technician.phone.behaviour = behaviour
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out")


def did(lab: Lab) -> list[str]:
    """What was said and done at that telephone."""
    kinds = ("said", "pressed", "sounded", "came-on", "hung-up")
    return [f"{entry.kind} {entry.text}" for entry in lab.technician.phone.transcript if entry.kind in kinds]


def test_a_person_says_hello_and_presses_the_key_once_it_is_asked_for(lab: Lab) -> None:
    ring(lab, Person(hellos=2))
    lab.technician.hears("connected")
    assert did(lab)
