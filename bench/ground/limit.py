"""The limit: the least that a webhook can do. It checks the signature, commits one INSERT and returns TwiML."""

import os

from flask import Flask, abort, request
from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, insert
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import VoiceResponse

from ivr.core import clock
from ivr.core.config import SIMULATED_TOKEN
from ivr.core.db import Database

metadata = MetaData()
seen = Table(
    "limit_seen",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_sid", String(64)),
    Column("at", DateTime(timezone=True)),
)


def create_app() -> Flask:
    """Return the application, on the table ``limit_seen``, which exists, with the service's own engine."""
    app = Flask(__name__)
    engine = Database(os.environ["DATABASE_URL"]).engine
    validator, address = RequestValidator(SIMULATED_TOKEN), os.environ["PUBLIC_URL"]

    @app.post("/voice/<path:_step>")
    def answer(_step: str) -> tuple[str, dict[str, str]]:
        url = address + request.full_path.rstrip("?")
        if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
            abort(403)
        with engine.begin() as connection:
            connection.execute(insert(seen).values(call_sid=request.form["CallSid"], at=clock.now()))
        reply = VoiceResponse()
        reply.say("Thank you for calling.", voice="Polly.Joanna", language="en-US")
        reply.redirect("/voice/again")
        return str(reply), {"Content-Type": "text/xml"}

    return app
