"""What a leg hears: words in the language of the moment, words in another language, or a sound."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from twilio.twiml.voice_response import Gather
from twilio.twiml.voice_response import VoiceResponse as Reply

from ivr.core.text import readable
from ivr.platform.voice import translations
from ivr.platform.voice.runtime import runtime


@dataclass(frozen=True)
class Sound:
    """``url`` is absolute, or a path below PUBLIC_URL."""

    url: str


@dataclass(frozen=True)
class InLanguage:
    """Words in the language with this code, not in the language of the moment."""

    code: str
    words: str


Speech = str | Sound | InLanguage


def speak(to: Reply | Gather, *speech: Speech | None) -> None:
    """Say or play one after the other. Words that the owner has recorded are played."""
    for one in speech:
        if not one:
            continue
        if isinstance(one, Sound):
            to.play(public(one.url) if one.url.startswith("/") else one.url)
        elif isinstance(one, InLanguage):
            with translations.speaking(one.code):
                _speak_words(to, one.words)
        else:
            _speak_words(to, one)


def say_unrecorded(to: Reply | Gather, spoken: str) -> None:
    """Say words in the language of the moment, without a query for recordings.

    Whatever is spoken becomes XML here, also what was kept before it was cleaned at every entrance.
    """
    voice, code = translations.VOICES[translations.language.get()]
    to.say(readable(spoken), voice=voice, language=code)


def say_in_every_language(to: Reply | Gather, sentence: Callable[[], str]) -> None:
    """Say a sentence in one language after the other, for a caller whose language is not known."""
    for code in translations.VOICES:
        with translations.speaking(code):
            say_unrecorded(to, sentence())


def version(sentence: str) -> str:
    """Return eight hexadecimal digits that name how this sentence is heard now, in the language of the moment.

    They begin the SHA-256 of the owner's recording of it, or else of the words. The audit names recordings so, too.
    """
    recorded = runtime().recorded_prompts(translations.language.get())
    if sentence in recorded:
        return recorded[sentence].rpartition("/")[2][:8]
    return hashlib.sha256(sentence.encode()).hexdigest()[:8]


def public(path: str) -> str:
    """Return the absolute URL of a path of ours."""
    return runtime().public_url + path


def _speak_words(to: Reply | Gather, sentence: str) -> None:
    recorded = runtime().recorded_prompts(translations.language.get())
    for part in translations.parts(sentence, recorded):
        if part in recorded:
            to.play(public(recorded[part]))
        else:
            say_unrecorded(to, part)
