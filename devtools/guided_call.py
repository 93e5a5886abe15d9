"""The telephone book of the demonstration: whose phone it is, their page, and a whole call, step by step."""

from collections.abc import Sequence
from typing import Any, Final

from ivr.company.staff.links import Links
from ivr.company.staff.models import Role, Staff

#: What a customer hears who calls again within two hours; the call that is played is about something else.
ABOUT_AGAIN: Final = "or 2 for something else."
ISSUE: Final = "The phones at the front desk are dead since this morning."

Json = dict[str, Any]


def book(customer: tuple[str, str], line: str, staff: Sequence[Staff], links: Links) -> Json:
    """In the shape that the simulator reads (``twilio_simulator.book``). ``customer``: number and name."""
    number, name = customer
    people: dict[Role, list[str]] = {role: [one.phone for one in staff if one.role == role] for role in Role}
    is_playable = all(people[role] for role in (Role.TECHNICIAN, Role.OPERATOR))
    return {
        "phones": [{"number": number, "name": name}, *(_listed(one, links) for one in staff)],
        "steps": steps(number, line, people[Role.TECHNICIAN], people[Role.OPERATOR]) if is_playable else [],
        "meanwhile": [{"heard": ABOUT_AGAIN, "keys": "2"}],
    }


def _listed(one: Staff, links: Links) -> Json:
    page = (
        {"words": "Technician's page", "url": links.url(one.id, one.link_version)}
        if one.role == Role.TECHNICIAN
        else {"words": "Console", "url": f"{links.public_url}/"}
    )
    return {
        "number": one.phone,
        "name": one.name,
        "role": one.role.value,
        "links": [page] if one.is_active else [],
    }


def steps(customer: str, line: str, technicians: list[str], operators: list[str]) -> list[Json]:
    """The call by these telephones: as whoever watches reads it, and as it is played."""

    def by_customer(words: str, kind: str, text: str = "", *acts: Json) -> Json:
        return _step(words, [customer], acts, {"kind": kind, "text": text})

    def says(who: list[str], text: str) -> Json:
        return {"act": "say", "text": text, "who": who}

    star, one = _press("*"), _press("1")
    return [
        by_customer("Customer: dial.", "dialled", line, {"act": "dial", "to": line}),
        by_customer("Customer: press 1 for an onsite visit.", "pressed", "1", one),
        by_customer("Customer: press 1 to confirm the number.", "pressed", "1", one),
        by_customer("Customer: say what is wrong.", "said", "", {"act": "say", "text": ISSUE}),
        _step("Technician: answer.", technicians, [{"act": "answer"}], {"kind": "answered"}),
        _step("Technician: press 1 to take the call.", technicians, [one], {"kind": "joined"}),
        _step(
            "Technician: press * then 1 to transfer.",
            technicians,
            [
                says(technicians, "Hello, this is support. Are all the phones dead?"),
                says([customer], "Yes, all of them."),
                star,
                one,
            ],
            {"kind": "ringing", "who": operators},
        ),
        _step("Operator: answer.", operators, [{"act": "answer"}], {"kind": "answered"}),
        _step("Operator: press 1. The customer is on hold.", operators, [one], {"kind": "joined"}),
        _step(
            "Technician: press * then 1 to hand over.",
            technicians,
            [
                says(technicians, "They need a visit, and they are ready to book."),
                says(operators, "Thanks, I'll take it from here."),
                star,
                one,
            ],
            {"kind": "resumed", "who": [customer]},
        ),
        _step(
            "Customer: hang up.",
            [customer],
            [
                says(operators, "Hi, I can book that visit for you."),
                says([customer], "Great. Thank you!"),
                {"act": "hang-up"},
            ],
            {"kind": "hung-up"},
        ),
        _step(
            "Operator: press 9: no callback is needed.",
            operators,
            [_press("9")],
            {"kind": "pressed", "text": "9"},
        ),
    ]


def _step(words: str, who: list[str], acts: Sequence[Json], until: Json) -> Json:
    return {"words": words, "who": who, "acts": list(acts), "until": until}


def _press(keys: str) -> Json:
    return {"act": "press", "keys": keys}
