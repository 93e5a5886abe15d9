"""Documents that stand by themselves: no caller, no record, no database."""

from flask import Blueprint, Response

from ivr.voice import Reply, music
from ivr.voice.words import VOICES

blueprint = Blueprint("standing", __name__)

#: What a caller hears when nothing of ours works: the number's fallback address answers with it.
_FALLBACK = {
    "en": "We are sorry, our telephone system has a problem at this moment. Please call again in a few minutes.",
    "es": "Lo sentimos, nuestro sistema telefónico tiene un problema. Por favor llame otra vez en unos minutos.",
}


@blueprint.post("/voice/fallback")
def fallback() -> Response:
    reply = Reply()
    for code, words in _FALLBACK.items():
        voice, language = VOICES[code]
        reply.say(words, voice=voice, language=language)
    reply.hangup()
    return Response(str(reply), mimetype="text/xml")


@blueprint.post("/voice/hold_music")
def hold_music() -> Response:
    return Response(str(music()), mimetype="text/xml")
