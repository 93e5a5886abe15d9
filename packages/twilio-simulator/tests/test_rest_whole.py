"""Every operation of Twilio's OpenAPI document for voice exists here, and every list has pages."""

import json
import re
from typing import Any

import pytest

from simulator_tests.lab import DATA, LINE, ORIGIN, TECHNICIAN, Lab
from twilio_simulator import Handset
from twilio_simulator.rest import application


def operations() -> list[tuple[str, str]]:
    paths = json.loads((DATA / "openapi-voice.json").read_text(encoding="utf-8"))["paths"]
    return [
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if method in ("get", "post", "delete")
    ]


def shape(path: str) -> str:
    """The path with every variable the same: both sides name them as they like."""
    return re.sub(r"<[^>]+>|\{[^}]+\}", "*", path)


@pytest.mark.parametrize(("method", "path"), operations())
def test_every_operation_exists(method: str, path: str) -> None:
    routes = {
        (verb, shape(rule.rule)) for rule in application().url_map.iter_rules() for verb in rule.methods or ()
    }
    assert (method, shape(path)) in routes


def test_there_are_thirty_six_of_them() -> None:
    assert len(operations()) == 36


def test_every_list_has_pages(lab: Lab) -> None:
    lab.serve(voice='<Enqueue waitUrl="">line</Enqueue>', room="<Dial><Conference>talk</Conference></Dial>")
    lab.exchange.add_number("+18005550199", voice_url=f"{ORIGIN}/voice")
    lab.caller.dials(LINE)
    lab.operator.dials(LINE)
    lab.twilio.queues.create("other")
    conferences = lab.twilio.conferences
    added = conferences("talk").participants.create(from_=LINE, to=TECHNICIAN, conference_record="true")
    lab.technician.rings().answers()
    others = [("talk", "+12025550144"), ("other", "+12025550155"), ("other", "+12025550166")]
    for name, number in others:
        conferences(name).participants.create(from_=LINE, to=number)
        Handset(lab.exchange.phone(number), lab.exchange).rings().answers()
    calls = lab.twilio.calls
    for _ in range(2):
        calls(lab.caller.sid).recordings.create()
    queue = lab.exchange.queues.named("line")
    assert queue is not None
    lists: list[tuple[Any, int]] = [
        (calls, 6),
        (conferences, 2),
        (conferences(added.conference_sid).participants, 2),
        (lab.twilio.queues, 2),
        (lab.twilio.queues(queue.sid).members, 2),
        (lab.twilio.recordings, 2),
        (calls(lab.caller.sid).recordings, 2),
        (lab.twilio.incoming_phone_numbers, 2),
    ]
    for listed, count in lists:
        page = listed.page(page_size=count - 1)
        assert len(list(page)) == count - 1
        assert len(list(page.next_page())) == 1
