"""The network over HTTP: an application on a loopback port, the real SDK, the control API."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from twilio.rest import Client

from simulator_tests.lab import ACCOUNT, CALLER, LINE, TECHNICIAN, TOKEN, App
from twilio_simulator import AtAddress
from twilio_simulator.server import Network


def wait_for(what: Callable[[], Any], seconds: float = 10) -> Any:
    """The first truth of ``what``; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not come to pass"
        threading.Event().wait(0.01)
    return found


def post(network: Network, path: str, **body: Any) -> requests.Response:
    return requests.post(network.url + path, json=body, timeout=5)


def heard(network: Network, number: str) -> str:
    entries = requests.get(f"{network.url}/transcript.json?after=0", timeout=5).json()["entries"]
    return " ".join(entry["text"] for entry in entries if entry["number"] == number)


def phone(network: Network, number: str) -> dict[str, Any]:
    phones = requests.get(f"{network.url}/phones.json", timeout=5).json()["phones"]
    return next(phone for phone in phones if phone["number"] == number)


def test_a_whole_call_over_sockets(app: tuple[App, str], network: Network) -> None:
    app[0].documents |= {
        "voice": '<Gather numDigits="1" action="/chosen" timeout="60"><Say>Press 1.</Say></Gather>',
        "chosen": "<Dial><Conference>talk</Conference></Dial>",
    }
    assert post(network, f"/phones/{CALLER}/dial", to=LINE).status_code == 204
    wait_for(lambda: phone(network, CALLER)["listening"])
    assert post(network, f"/phones/{CALLER}/press", keys="1").status_code == 204
    wait_for(lambda: phone(network, CALLER)["music"])

    twilio = Client(ACCOUNT, TOKEN, http_client=AtAddress(network.url))
    twilio.conferences("talk").participants.create(from_=LINE, to=TECHNICIAN)
    wait_for(lambda: phone(network, TECHNICIAN)["state"] == "ringing")
    assert post(network, f"/phones/{TECHNICIAN}/answer").status_code == 204
    wait_for(lambda: phone(network, TECHNICIAN)["with"] == [CALLER])
    post(network, f"/phones/{TECHNICIAN}/say", text="what is wrong")
    wait_for(lambda: "what is wrong" in heard(network, CALLER))
    rooms = requests.get(f"{network.url}/phones.json", timeout=5).json()["rooms"]
    assert [member["name"] for member in rooms[0]["members"]] == ["Caller", "Technician"]

    post(network, f"/phones/{CALLER}/hang-up")
    wait_for(lambda: app[0].asked_for("status"))
    assert not network.exchange.log


def test_what_cannot_be_done_is_a_conflict_with_a_reason(network: Network) -> None:
    answer = post(network, f"/phones/{CALLER}/answer")
    assert answer.status_code == 409
    assert "idle" in answer.json()["error"]
    assert post(network, f"/phones/{CALLER}/dial", to="+19999999999").status_code == 409
    assert post(network, "/phones/+12025550199/answer").status_code == 404
    assert post(network, f"/phones/{CALLER}/explode").status_code == 404


@pytest.mark.parametrize(
    ("body", "settings"),
    [
        (
            {"behaviour": "person", "hellos": 3, "answer": "sí", "language": "es"},
            {"hellos": 3, "answer": "sí"},
        ),
        (
            {"behaviour": "person", "hellos": "3", "answer": "", "after": "", "hangs_up": "true"},
            {"answer": ""},
        ),
        ({"behaviour": "screened_person", "system": "pixel", "owner": "never"}, {"owner_after": 15.0}),
        ({"behaviour": "voicemail", "greeting": "", "beep": False}, {"greeting": "", "beep": False}),
        ({"behaviour": "robot", "sentences": "Yes.\n\nHello?"}, {"sentences": ["Yes.", "Hello?"]}),
        ({"behaviour": "auto_attendant", "then": "hangs-up"}, {"times": 2}),
        (
            {"behaviour": "doubles_keys", "who": "person", "hellos": 1, "apart": 0.1},
            {"hellos": 1, "apart": 0.1},
        ),
        ({"behaviour": "doubles_keys"}, {"who": "manual", "apart": 0.2}),
    ],
)
def test_a_telephone_is_told_what_to_do_when_it_rings(
    network: Network, body: dict[str, Any], settings: dict[str, Any]
) -> None:
    assert post(network, f"/phones/{CALLER}/behaviour", **body).status_code == 204
    told = phone(network, CALLER)["behaviour"]
    assert told | settings | {"behaviour": body["behaviour"]} == told


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"behaviour": "asleep"}, "behaviour: manual, busy, no_answer, failed, person, screened_person, "),
        ({"behaviour": ["person"]}, "behaviour: manual"),
        ({}, "behaviour: manual"),
        ({"behaviour": "person", "hello": 1}, "a person has no 'hello': it has hellos, answer, "),
        ({"behaviour": "person", "hellos": 1.5}, "hellos: a whole number from 0 to 20"),
        ({"behaviour": "person", "hellos": 21}, "hellos: a whole number from 0 to 20"),
        ({"behaviour": "person", "hellos": True}, "hellos: a whole number"),
        ({"behaviour": "person", "after": "NaN"}, "after: a number from 0 to 600"),
        ({"behaviour": "person", "after": None}, "after: a number from 0 to 600"),
        ({"behaviour": "person", "after": "1e999"}, "after: a number from 0 to 600"),
        ({"behaviour": "person", "hangs_up": ["x"]}, "hangs_up: true or false"),
        ({"behaviour": "person", "answer": 1}, "answer: text of at most 1000 letters"),
        ({"behaviour": "person", "language": {}}, "language: en, es"),
        ({"behaviour": "screened_person", "owner": "sleeps"}, "owner: answers, declines, never, mailbox"),
        ({"behaviour": "voicemail", "greeting": "x" * 1001}, "greeting: text of at most 1000 letters"),
        ({"behaviour": "robot", "sentences": 7}, "sentences: at most 50 sentences"),
        ({"behaviour": "robot", "sentences": ["x"] * 51}, "sentences: at most 50 sentences"),
        ({"behaviour": "doubles_keys", "who": "robot"}, "who: manual, person, screened_person"),
        ({"behaviour": "doubles_keys", "who": "doubles_keys"}, "who: manual, person, screened_person"),
        ({"behaviour": "doubles_keys", "apart": -1}, "apart: a number from 0 to 600"),
    ],
)
def test_a_behaviour_that_does_not_exist_is_refused_with_what_there_is(
    network: Network, body: dict[str, Any], why: str
) -> None:
    answer = post(network, f"/phones/{CALLER}/behaviour", **body)
    assert (answer.status_code, answer.json()["error"][: len(why)]) == (409, why)
    assert phone(network, CALLER)["behaviour"] == {"behaviour": "manual"}


def test_a_screened_owner_comes_on_in_real_time(app: tuple[App, str], network: Network) -> None:
    ask = '<Gather numDigits="1" action="/got" timeout="10"><Say>Press 1.</Say></Gather><Redirect/>'
    app[0].documents |= {"out": ask, "got": "<Say>Thank you.</Say>"}
    post(network, f"/phones/{TECHNICIAN}/behaviour", behaviour="screened_person", owner_after=12)
    twilio = Client(ACCOUNT, TOKEN, http_client=AtAddress(network.url))
    twilio.calls.create(from_=LINE, to=TECHNICIAN, url=f"{app[1]}/out")
    wait_for(lambda: "Thank you." in heard(network, TECHNICIAN), 30)
    assert app[0].asked_for("got")[0]["Digits"] == "1"


def test_a_telephone_can_be_added(network: Network) -> None:
    assert post(network, "/phones", number="+12025550144", name="Olive").status_code == 204
    assert phone(network, "+12025550144")["name"] == "Olive"
    assert post(network, "/phones", number="911", name="X").status_code == 409


def test_another_site_can_neither_post_nor_read(network: Network) -> None:
    url = f"{network.url}/phones/{CALLER}/dial"
    assert requests.post(url, data={"to": LINE}, timeout=5).status_code == 415
    assert (
        requests.get(f"{network.url}/phones.json", headers={"Host": "evil.test"}, timeout=5).status_code
        == 403
    )


def test_the_stream_says_that_something_changed(app: tuple[App, str], network: Network) -> None:
    app[0].documents["voice"] = "<Say>Hello.</Say>"
    with requests.get(f"{network.url}/events", stream=True, timeout=5) as stream:
        lines = stream.iter_lines()
        assert json.loads(next(lines)[5:]) == {"last": 0}
        post(network, f"/phones/{CALLER}/dial", to=LINE)
        last = max(
            json.loads(line[5:])["last"] for line, _ in zip((one for one in lines if one), "12", strict=False)
        )
    assert last > 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/phones/{CALLER}/behaviour", {"behaviour": "busy"}),
        ("/phones", {"number": "+12025550144", "name": "Olive"}),
        ("/faults", {"what": "lost", "kind": "call.*"}),
    ],
)
def test_what_is_set_by_hand_is_said_on_the_stream(network: Network, path: str, body: dict[str, str]) -> None:
    with requests.get(f"{network.url}/events", stream=True, timeout=5) as stream:
        lines = (line for line in stream.iter_lines() if line)
        next(lines)
        assert post(network, path, **body).status_code == 204
        assert next(lines).startswith(b"data:")


@pytest.mark.usefixtures("network")
def test_the_application_keeps_the_time_of_the_network(tmp_path: Path) -> None:
    ahead = float((tmp_path / "clock").read_text())
    wait_for(lambda: float((tmp_path / "clock").read_text()) > ahead + 1)


def test_an_answer_lost_on_the_way_is_a_broken_connection(app: tuple[App, str], network: Network) -> None:
    app[0].documents["out"] = "<Say>Hello.</Say>"
    network.exchange.trouble.fail_rest("POST", "*/Calls.json", 0, "after")
    twilio = Client(ACCOUNT, TOKEN, http_client=AtAddress(network.url))
    with pytest.raises(requests.ConnectionError):
        twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{app[1]}/out")
    wait_for(lambda: phone(network, TECHNICIAN)["state"] == "ringing")


def test_the_command_serves_until_it_is_told_to_stop() -> None:
    words = [
        sys.executable,
        "-m",
        "twilio_simulator",
        "--voice-url",
        "http://127.0.0.1:1/voice",
        "--port",
        "0",
    ]
    with subprocess.Popen(  # noqa: S603  # our own words
        [*words, "--phone", f"{CALLER}=Caller"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        phones = requests.get(f"{url}/phones.json", timeout=5).json()["phones"]
        process.terminate()
        assert process.wait(10) == 0
    assert [phone["name"] for phone in phones] == ["Caller"]
