"""A recording while its call or conference goes on: pause, go on, stop, cut the silence off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twilio_simulator.leg import Leg
    from twilio_simulator.recordings import Clip


@dataclass(frozen=True)
class Pause:
    """``skips``: the pause is left out; else it is silence on the recording (PauseBehavior)."""

    began: datetime
    skips: bool


def pause(clip: "Clip", *, skips: bool) -> None:
    if clip.status == "in-progress":
        clip.status = "paused"
        clip.exchange.pauses[clip] = Pause(clip.exchange.clock.now(), skips)


def resume(clip: "Clip") -> None:
    """A clip has one stretch of time, so what a pause skips moves its start."""
    paused = clip.exchange.pauses.pop(clip, None)
    if paused is not None:
        clip.status = "in-progress"
        clip.started += (clip.exchange.clock.now() - paused.began) if paused.skips else timedelta(0)


def finish(clip: "Clip") -> None:
    """Over, whether it runs or is paused; again is no harm."""
    resume(clip)
    clip.finish()


def trim(clip: "Clip", *legs: "Leg") -> None:
    """Cut off what came before the first word of these legs and after the last (trim-silence)."""
    voices = [leg.voice for leg in legs if leg.voice is not None]
    now = clip.exchange.clock.now()
    first = min((began for began, _ in voices), default=now)
    last = min(now, max((ended for _, ended in voices), default=now))
    clip.started += max(timedelta(0), (first - clip.started) + (now - last))
