"""<Play>: a sound file, or tones."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final, Self
from xml.etree.ElementTree import Element

from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Fetch, Fetching, Performance, Wait
from twilio_simulator.sounds import is_well_known, sound_seconds
from twilio_simulator.verbs.base import Answering, whole, words
from twilio_simulator.verbs.say import FOREVER

TONE_SECONDS: Final = {"w": 0.5, "W": 1.0}


@dataclass(frozen=True)
class Play(Answering):
    url: str | None
    digits: str
    loop: int

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        digits = node.get("digits", "")
        url = words(node)
        return cls(place.resolve(url) if url else None, digits, whole(node, "loop", 1) or FOREVER)

    def perform(self, context: ExecutionContext) -> Performance:
        if self.digits:
            context.hear("heard-tone", self.digits)
            yield Wait(sum(TONE_SECONDS.get(digit, 0.25) for digit in self.digits))
            return None
        if self.url is None:
            context.exchange.fault(11100, "<Play> has no URL")
            return None
        heard, seconds = yield from self._sound(context, self.url)
        context.leg.music = True
        try:
            for _ in range(self.loop if seconds else 0):
                with context.hearing("heard-play", heard, "", seconds):
                    yield Wait(seconds)
        finally:
            context.leg.music = False
        return None

    @staticmethod
    def _sound(context: ExecutionContext, url: str) -> Generator[Fetching, Any, tuple[str, float]]:
        """What is heard, and for how long; no time at all when it is no sound."""
        clip = context.exchange.recordings.at(url)
        if clip is not None:
            return f"{url} ({clip.words})" if clip.words else url, max(1.0, float(clip.seconds))
        if is_well_known(url):
            return url, 30.0
        fetched = yield Fetching(context.leg, Fetch(url, "GET", "media"))
        seconds = sound_seconds(fetched.answer)
        if not seconds:
            kind = fetched.answer.error or f"{fetched.answer.status} {fetched.answer.content_type}"
            context.exchange.fault(13420, f"{url}: {kind}")
        return url, seconds
