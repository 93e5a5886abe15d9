"""Static documents: no caller, no intake, no database. They are never played from a recording."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from flows import phrases
from ivr.platform.voice import (
    Reply,
    _,
    music,
    redirect_to_same_step,
    say_in_every_language,
    say_unrecorded,
    speaking,
)

blueprint = Blueprint("standing", __name__)  # metrics have this name


@blueprint.post("/voice/fallback")
def fallback() -> Response:
    """The network could not fetch or read a document of ours: repeat the step that failed, or say goodbye."""
    document = redirect_to_same_step(request.form.get("ErrorUrl", "")[:2000])
    return _answer(document or _goodbye(_out_of_order))


@blueprint.post("/voice/test_ring")
def test_ring() -> Response:
    """A member of staff answers the owner's test ring."""
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
    return _(
        "We are sorry, our telephone system has a problem at this moment. Please call again in a few minutes."
    )


def _all_is_well() -> str:
    return _(
        "This is a test call from the onsite support line. Everything works: calls will reach you here. Goodbye."
    )


def _goodbye(sentence: Callable[[], str]) -> Reply:
    reply = Reply()
    say_in_every_language(reply, sentence)
    reply.hangup()
    return reply


def _answer(document: Reply) -> Response:
    return Response(str(document), mimetype="text/xml")
