"""A network with one application on it, for the tests of the simulator: documents by path, and what was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.datastructures import MultiDict

from simulator_tests.specification import Checked
from twilio_simulator import Exchange, HeldClock, InProcessWeb, Switches
from twilio_simulator.client import InProcessTwilio
from twilio_simulator.story import Handset

#: What the tests compare with.
DATA = Path(__file__).parents[1] / "data"
ACCOUNT = "AC" + "1" * 32
TOKEN = "a token of the simulator's tests"
ORIGIN = "https://app.test"
LINE = "+18005550100"
CALLER = "+12025550111"
TECHNICIAN = "+12025550122"
OPERATOR = "+12025550133"
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
STEPS = {
    "status_callback": f"{ORIGIN}/steps",
    "status_callback_event": ["initiated", "ringing", "answered", "completed"],
}

Answer = str | Response | Callable[[MultiDict[str, str]], str | Response]


@dataclass
class Asked:
    """One webhook as the application saw it."""

    path: str
    method: str
    params: dict[str, str]


@dataclass
class App:
    """Answers each path with its document; the signature of every request is checked. Unknown paths answer 204."""

    documents: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def wsgi(self) -> Flask:
        app = Flask("app")

        @app.route("/<path:path>", methods=["GET", "POST"])
        def answer(path: str) -> Response:
            # Not request.url, which shows the query with some of its escapes undone.
            query = request.query_string.decode()
            url = f"{request.base_url}?{query}" if query else request.base_url
            signature = request.headers["X-Twilio-Signature"]
            if not RequestValidator(TOKEN).validate(url, request.form, signature):
                return Response("bad signature", 403)
            self.asked.append(Asked(path, request.method, {**request.args, **request.form}))
            document = self.documents.get(path)
            if callable(document) and not isinstance(document, Response):
                document = document(request.values)
            if document is None:
                return Response(status=204)
            return document if isinstance(document, Response) else twiml(document)

        return app

    def asked_for(self, path: str) -> list[dict[str, str]]:
        return [asked.params for asked in self.asked if asked.path == path]


def twiml(verbs: str) -> Response:
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>', mimetype="text/xml"
    )


class Lab:
    """The network, its one application, and people with telephones."""

    def __init__(self, switches: Switches | None = None, *, strict: bool = True) -> None:
        self.app = App()
        self.clock = HeldClock(MONDAY)
        self.exchange = Exchange(
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            web=InProcessWeb({ORIGIN: self.app.wsgi()}),
            clock=self.clock,
            switches=switches,
            strict=strict,
        )
        self.exchange.add_number(LINE, voice_url=f"{ORIGIN}/voice", status_callback=f"{ORIGIN}/status")
        self.twilio = Client(ACCOUNT, TOKEN, http_client=InProcessTwilio(Checked(self.exchange.rest)))
        self.caller = Handset(self.exchange.phone(CALLER, "caller"), self.exchange)
        self.technician = Handset(self.exchange.phone(TECHNICIAN, "technician"), self.exchange)
        self.operator = Handset(self.exchange.phone(OPERATOR, "operator"), self.exchange)

    def serve(self, **documents: Answer) -> None:
        """``serve(voice="<Say>Hello</Say>")``: what each path answers."""
        self.app.documents |= documents

    def meet(self, name: str = "talk") -> str:
        """The caller and the technician in a conference; its SID. Give ``voice`` a document that joins it."""
        self.caller.dial(LINE)
        self.twilio.conferences(name).participants.create(from_=LINE, to=TECHNICIAN, label="technician")
        self.technician.rings().answers()
        room = self.exchange.rooms.active(name)
        assert room is not None
        return room.sid

    def asked(self, path: str) -> list[dict[str, str]]:
        return self.app.asked_for(path)

    def last(self, path: str) -> dict[str, str]:
        return self.asked(path)[-1]


#: Makes labs with switches, or lenient ones.
Labs = Callable[..., Lab]


def call(lab: Lab) -> None:
    """The technician is rung, answers, and is hung up on; each step is told to ``steps``."""
    lab.serve(out="<Hangup/>")
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out", **STEPS)
    lab.technician.rings().answers().waits(60)
