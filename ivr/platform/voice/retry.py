"""A step that could not answer is requested once more, after an apology.

The database or a whole server may be unavailable for a moment. A step without a database answers with this document
itself. When a step does not answer at all, the network requests the fallback address, with the URL of that step as
ErrorUrl (contract: webhooks, fallback).
"""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.platform.voice.runtime import runtime
from ivr.platform.voice.speech import say_in_every_language

#: How often one step is requested again: each apology takes about eight seconds to say.
TRIES: Final = 10
#: Parameters that the network sends only once. A key or a sentence is not among them: the question is asked again.
KEPT: Final = ("RecordingUrl", "RecordingDuration")
#: The parameter that says how often a step has been requested again.
COUNT: Final = "outage"
_FALLBACK: Final = "/voice/fallback"


def redirect_to_same_step(url: str, form: dict[str, str] | None = None) -> Reply | None:
    """Apologize in every language and redirect to this URL; None when that has been tried often enough.

    ``form`` is the form of the request that failed. No keys, words or numbers go into the URL.
    """
    asked = urlsplit(url)
    values = dict(parse_qsl(asked.query))
    count = values.get(COUNT, "0")
    if not asked.path.startswith("/voice/") or asked.path == _FALLBACK:
        return None
    if not re.fullmatch(r"\d{1,3}", count, re.ASCII) or int(count) >= TRIES:
        return None
    values |= {name: form[name][:500] for name in KEPT if form and form.get(name)}
    values[COUNT] = str(int(count) + 1)
    reply = Reply()
    say_in_every_language(reply, runtime().script.apology)
    reply.redirect(f"{asked.path}?{urlencode(values)}")
    return reply
