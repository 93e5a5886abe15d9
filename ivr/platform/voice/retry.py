"""Something of ours is away for a moment, the database or a whole server: the caller is told, and it is tried anew.

Both ways lead here. A step whose database is away answers so itself. A step that could not answer at all makes the
network turn to the fallback address, which is told the failed one as ErrorUrl (contract: webhooks, fallback).
"""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.platform.voice import translations

#: How often one step is asked for again: each apology takes about eight seconds to say.
TRIES: Final = 10
#: What cannot be asked again. A key or a sentence can: the question comes once more.
KEPT: Final = ("QueueResult", "RecordingUrl", "RecordingDuration")
_COUNT: Final = "outage"
_FALLBACK: Final = "/voice/fallback"


def once_more(url: str, told: dict[str, str] | None = None) -> Reply | None:
    """An apology in every language and the same address again; None when that has been tried often enough.

    ``told`` is the form of the request that failed. No keys, words or numbers go into the URL.
    """
    asked = urlsplit(url)
    values = dict(parse_qsl(asked.query))
    count = values.get(_COUNT, "0")
    if not asked.path.startswith("/voice/") or asked.path == _FALLBACK:
        return None
    if not re.fullmatch(r"\d{1,3}", count, re.ASCII) or int(count) >= TRIES:
        return None
    values |= {name: told[name][:500] for name in KEPT if told and told.get(name)}
    values[_COUNT] = str(int(count) + 1)
    reply = Reply()
    for code, (voice, language) in translations.VOICES.items():
        spoken_in = translations.language.set(code)
        sorry = translations._(
            "I am sorry, something went wrong on our side. One moment please."
        )  # gettext's own name
        translations.language.reset(spoken_in)
        reply.say(sorry, voice=voice, language=language)
    reply.redirect(f"{asked.path}?{urlencode(values)}")
    return reply
