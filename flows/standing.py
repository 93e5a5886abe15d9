"""Documents that stand by themselves: no caller, no record, no database."""

from flask import Blueprint, Response, request

from ivr.platform.voice import Reply, music
from ivr.platform.voice.retry import once_more
from ivr.platform.voice.translations import VOICES

blueprint = Blueprint("standing", __name__)

#: What a caller hears when nothing of ours works: the number's fallback address answers with it.
_FALLBACK = {
    "en": "We are sorry, our telephone system has a problem at this moment. Please call again in a few minutes.",
    "es": "Lo sentimos, nuestro sistema telefónico tiene un problema. Por favor llame otra vez en unos minutos.",
}


#: What a member of staff hears when the owner tries their telephone.
_TEST_RING = {
    "en": "This is a test ring of the onsite support line. All is well: calls will reach you here. Goodbye.",
    "es": "Esta es una prueba de la línea de soporte en sitio. Todo está bien: las llamadas le llegarán. Adiós.",
}


@blueprint.post("/voice/fallback")
def fallback() -> Response:
    """The network could not get or read a document of ours: the step that failed is tried anew, then it is goodbye."""
    again = once_more(request.form.get("ErrorUrl", "")[:2000])
    return _said(_FALLBACK) if again is None else Response(str(again), mimetype="text/xml")


@blueprint.post("/voice/test_ring")
def test_ring() -> Response:
    return _said(_TEST_RING)


@blueprint.post("/voice/hold_music")
def hold_music() -> Response:
    return Response(str(music()), mimetype="text/xml")


def _said(words: dict[str, str]) -> Response:
    """In every language, one after the other, and goodbye."""
    reply = Reply()
    for code, sentence in words.items():
        voice, language = VOICES[code]
        reply.say(sentence, voice=voice, language=language)
    reply.hangup()
    return Response(str(reply), mimetype="text/xml")
