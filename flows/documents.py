"""Documents of no caller and no intake. They are never played from a recording.

Only the key of a test call is written down; all others need no database.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from flows import phrases
from ivr.company.staff import changes
from ivr.core.text import readable
from ivr.platform.voice import (
    Reply,
    _,
    music,
    redirect_to_same_step,
    say_in_every_language,
    say_unrecorded,
    speaking,
)
from ivr.services import services

blueprint = Blueprint("standing", __name__)  # metrics have this name
#: No more digits than PostgreSQL's integer holds.
ROW_ID: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@blueprint.post("/voice/fallback")
def fallback() -> Response:
    """The network could not fetch or read a document of ours: repeat the step that failed, or say goodbye."""
    document = redirect_to_same_step(request.form.get("ErrorUrl", "")[:2000])
    return _answer(document or _goodbye(_out_of_order))


@blueprint.post("/voice/test_ring")
def test_ring() -> Response:
    """A member of staff answers the owner's test ring. A mailbox answers too, so a key is asked for, twice."""
    whose = urlencode({"staff": request.args.get("staff", "")[:9]})
    reply = Reply()
    for _time in range(2):
        heard = f"/voice/test_ring_heard?{whose}"
        question = reply.gather(action=heard, input="dtmf", num_digits=1, finish_on_key="", timeout=5)
        say_in_every_language(question, _is_a_test)
    reply.hangup()
    return _answer(reply)


@blueprint.post("/voice/test_ring_heard")
def test_ring_heard() -> Response:
    """They have pressed a key: whoever presses 1 is a person, and calls reach them there."""
    if request.form.get("Digits") != "1":
        return _answer(_goodbye(_not_that_key))
    staff_id, number = request.args.get("staff", ""), readable(request.form.get("To", ""))[:20]
    if ROW_ID.fullmatch(staff_id):
        with services().transaction():
            changes.answered_test_ring(int(staff_id), number)
    return _answer(_goodbye(_all_is_well))


@blueprint.post("/voice/hold_music")
def hold_music() -> Response:
    return _answer(music())


@blueprint.post("/voice/call_recorded")
def call_recorded() -> Response:
    """Everybody in the conference hears that they are recorded."""
    reply = Reply()
    with speaking("es" if request.args.get("language") == "es" else "en"):
        say_unrecorded(reply, phrases.call_recorded())
    return _answer(reply)


def _out_of_order() -> str:
    return _("We're sorry, our phone system has a problem right now. Please call again in a few minutes.")


def _is_a_test() -> str:
    return _("This is a test call from the onsite support line. If you hear this, press 1.")


def _not_that_key() -> str:
    return _("That was another key. Ask for one more test call. Goodbye.")


def _all_is_well() -> str:
    return _("Thank you. Calls will reach you here. Goodbye.")


def _goodbye(sentence: Callable[[], str]) -> Reply:
    reply = Reply()
    say_in_every_language(reply, sentence)
    reply.hangup()
    return reply


def _answer(document: Reply) -> Response:
    return Response(str(document), mimetype="text/xml")
